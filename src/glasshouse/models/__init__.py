"""Published models, each in one file, written as anybody would write them: with the words of `glasshouse.model`."""
