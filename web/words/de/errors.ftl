# Was schiefging, als Überschriften und Worte für Menschen.
