"""What can be asked: the typed actions with their policy, what they read and their pure plan."""
