"""What the commands of cli.py are made of: what was asked, what is shown, and how it ends."""
