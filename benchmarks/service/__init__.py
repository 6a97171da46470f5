"""What the running service bears: load, changes of the model, kills, and tickets that mean it harm."""
