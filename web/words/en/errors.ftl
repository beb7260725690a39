# What went wrong, as headings and words for people; by the error's code, else by its kind.
