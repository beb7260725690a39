//! The suite `api`: the control plane over HTTP, on fakes of its ports.

mod contracts;
