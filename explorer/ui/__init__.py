"""The screen: the only room that imports Textual and Rich. It shows states and passes on what the user wants."""
