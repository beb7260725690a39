//! The suite `jobs`: background work on fakes of the ports, with the clocks in the test's hand.
