__version__ = '2.13.0'
git_version = 'c798c6532a0d05c1863489e83cb7e3985be4e830'
