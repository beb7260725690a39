# What the floors below the console say; the English here is known again, so it must be theirs to the letter (`words/below.rs`).

below-role-owner = Owner
below-not-found = There is no such { $noun }.
