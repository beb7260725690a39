//! The services' lines to PostgreSQL and to AWS: cut, silent or slow, as the kit's proxy makes them.
//! What goes over them are the database and the SDKs' calls; browsers, managed login and the clock that dev follows go straight.

use std::{net::SocketAddr, path::PathBuf};

use testkit::{postgres::Cluster, proxy::Proxy};
use tokio::runtime::Runtime;

/// The lines of a world. They end with it.
#[derive(Debug)]
pub struct Lines {
    /// To AWS.
    pub aws: Proxy,
    /// To PostgreSQL, if the world is on it: one for both services.
    pub database: Option<Proxy>,
    address: SocketAddr,
    _runtime: Runtime,
}

impl Lines {
    /// Lines to that aws-sim and that cluster.
    pub(crate) fn to(aws: SocketAddr, cluster: Option<&Cluster>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let inside = runtime.enter();
        let (aws, address) = Proxy::to_address(aws);
        let database = cluster.map(|cluster| Proxy::to(cluster.sockets()));
        drop(inside);
        Self {
            aws,
            database,
            address,
            _runtime: runtime,
        }
    }

    /// The address that the SDKs are told.
    pub(crate) fn aws_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The folder of the socket that the services are told.
    pub(crate) fn sockets(&self) -> Option<PathBuf> {
        self.database.as_ref().map(Proxy::folder)
    }
}
