# What stands around every page.

frame-skip = Skip to content
frame-help = Stuck? Write to { $support }.
frame-language = Language
frame-errors = { $count ->
    [0] That did not work
    [one] One field needs another look
   *[other] Some fields need another look
}
