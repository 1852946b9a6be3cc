"""What people read: tables, and the words of each language."""
