"""The one kind of error that a user can cure."""


class UserError(Exception):
    """Wrong input: the message is one line that names the config key or file, and the cure.

    Everything else that is raised is a fault of ours and keeps its traceback.
    """
