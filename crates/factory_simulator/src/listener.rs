//! A port that can be closed and opened again, and whose connections can be dropped.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

const BACKLOG: u32 = 1024;

/// Serves an application on a port of 127.0.0.1. Dropping it closes the port and drops every connection.
pub(super) struct HttpListener {
    app: Router,
    address: SocketAddr,
    serving: JoinSet<()>,
    drop_all: watch::Sender<()>,
    _reserved: Option<TcpSocket>,
}

impl HttpListener {
    /// Opens the port; 0 chooses a free port.
    pub(super) async fn open(port: u16, app: Router) -> io::Result<Self> {
        let reserved = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        let address = reserved.local_addr()?;
        // While the port is closed, no other connection may use it as its local port. On Linux a bound socket that does
        // not listen reserves the port; elsewhere such a socket would prevent opening the port again.
        let reserved = cfg!(target_os = "linux").then_some(reserved);
        let mut listener = Self {
            app,
            address,
            serving: JoinSet::new(),
            drop_all: watch::Sender::default(),
            _reserved: reserved,
        };
        listener.reopen().await?;
        Ok(listener)
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Accepts connections again before it returns. Does nothing if the port is open.
    pub(super) async fn reopen(&mut self) -> io::Result<()> {
        if self.serving.is_empty() {
            let listener = DroppableListener {
                listener: bind(self.address)?.listen(BACKLOG)?,
                drop_all: self.drop_all.subscribe(),
            };
            let app = self.app.clone();
            let app = app.into_make_service_with_connect_info::<ConnectionHandle>();
            self.serving.spawn(async move {
                // Ends only when the task is aborted.
                let _ = axum::serve(listener, app).await;
            });
        }
        Ok(())
    }

    /// Refuses connections before it returns. Requests under way are still answered.
    pub(super) async fn close(&mut self) {
        self.serving.shutdown().await;
    }

    /// Closes the port and drops every connection before it returns.
    pub(super) async fn shut_down(mut self) {
        self.close().await;
        self.drop_all.send_replace(());
        self.drop_all.closed().await;
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Accepts connections that can be dropped, one by one or all together.
struct DroppableListener {
    listener: TcpListener,
    drop_all: watch::Receiver<()>,
}

impl Listener for DroppableListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        (Connection::new(stream, self.drop_all.clone()), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Lets a request handler drop the connection of its request without an answer.
#[derive(Clone, Default)]
pub(super) struct ConnectionHandle(Arc<Notify>);

impl ConnectionHandle {
    pub(super) fn drop_connection(&self) {
        self.0.notify_one();
    }
}

impl Connected<IncomingStream<'_, DroppableListener>> for ConnectionHandle {
    fn connect_info(stream: IncomingStream<'_, DroppableListener>) -> Self {
        stream.io().handle.clone()
    }
}

/// A connection that ends when its handle drops it, or when the listener drops all connections.
struct Connection {
    stream: TcpStream,
    handle: ConnectionHandle,
    /// Resolves when the connection is dropped; `None` after that.
    dropped: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Connection {
    fn new(stream: TcpStream, mut drop_all: watch::Receiver<()>) -> Self {
        let handle = ConnectionHandle::default();
        let ConnectionHandle(drop_this) = handle.clone();
        let dropped = async move {
            tokio::select! {
                () = drop_this.notified() => {}
                // Also resolves when the sender is gone, that is when the listener was dropped.
                _ = drop_all.changed() => {}
            }
        };
        Self { stream, handle, dropped: Some(Box::pin(dropped)) }
    }

    fn poll_dropped(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if let Some(dropped) = &mut self.dropped {
            ready!(dropped.as_mut().poll(context));
            self.dropped = None;
        }
        Poll::Ready(())
    }
}

/// The server always has a read pending, so a dropped connection is noticed here at once.
impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.poll_dropped(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
