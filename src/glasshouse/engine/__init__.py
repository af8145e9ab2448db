"""The engine: turns a declaration of fields and stages into loops over everybody. It knows no model and no regime."""
