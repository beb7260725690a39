//! The two kinds of connection a line is made of: Unix sockets and TCP.

use std::{
    fmt, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
};

/// Where a server listens.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// A Unix socket.
    Path(PathBuf),
    /// A TCP port.
    Address(SocketAddr),
}

impl Place {
    pub(super) async fn connect(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match self {
            Self::Path(path) => Box::new(UnixStream::connect(path).await?),
            Self::Address(address) => Box::new(quick(TcpStream::connect(address).await?)),
        })
    }
}

/// Where the line begins.
pub(super) enum Listener {
    Unix(UnixListener),
    Tcp(TcpListener),
}

impl Listener {
    pub(super) fn at_path(path: &Path) -> io::Result<Self> {
        UnixListener::bind(path).map(Self::Unix)
    }

    /// The address too, for whoever asks for any free port.
    pub(super) fn at_address(address: SocketAddr) -> io::Result<(Self, SocketAddr)> {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok((Self::Tcp(TcpListener::from_std(listener)?), address))
    }

    pub(super) async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match self {
            Self::Unix(listener) => Box::new(listener.accept().await?.0),
            Self::Tcp(listener) => Box::new(quick(listener.accept().await?.0)),
        })
    }
}

/// The line alone decides how slow it is.
fn quick(stream: TcpStream) -> TcpStream {
    // What is gone already needs not be quick.
    let _ = stream.set_nodelay(true);
    stream
}

/// A connection.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin + fmt::Debug {
    /// Once dropped it ends with a reset, if that is another thing than its end.
    fn will_reset(&self) {}
}

impl Stream for UnixStream {}

impl Stream for TcpStream {
    fn will_reset(&self) {
        // A connection that is gone already needs none.
        let _ = self.set_zero_linger();
    }
}
