"""Parts of a screen. They draw what they are given and say what the user wants; they hold nothing that matters."""
