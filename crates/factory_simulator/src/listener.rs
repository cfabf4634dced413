//! A port that can be closed and opened again, and whose connections can be cut.

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

/// Serves an application on a port of 127.0.0.1; dropped, it closes the port and cuts every connection.
pub(super) struct Door {
    app: Router,
    address: SocketAddr,
    accepting: JoinSet<()>,
    scissors: watch::Sender<()>,
    _reserved: Option<TcpSocket>,
}

impl Door {
    /// Port 0 takes a free one.
    pub(super) async fn open(port: u16, app: Router) -> io::Result<Self> {
        let reserved = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        let address = reserved.local_addr()?;
        // While the door is closed, its port must not become the local port of someone's connection.
        // Linux lets a bound socket that does not listen keep it; elsewhere that socket is in the way.
        let reserved = cfg!(target_os = "linux").then_some(reserved);
        let mut door = Self {
            app,
            address,
            accepting: JoinSet::new(),
            scissors: watch::Sender::default(),
            _reserved: reserved,
        };
        door.reopen().await?;
        Ok(door)
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Connecting works again when this returns; nothing changes where it did.
    pub(super) async fn reopen(&mut self) -> io::Result<()> {
        if self.accepting.is_empty() {
            let entrance = Entrance {
                listener: bind(self.address)?.listen(BACKLOG)?,
                scissors: self.scissors.subscribe(),
            };
            let app = self.app.clone();
            let app = app.into_make_service_with_connect_info::<Cord>();
            self.accepting.spawn(async move {
                // Serving ends only by being aborted.
                let _ended = axum::serve(entrance, app).await;
            });
        }
        Ok(())
    }

    /// Connecting is refused when this returns; what is being answered is still answered.
    pub(super) async fn close(&mut self) {
        self.accepting.shutdown().await;
    }

    /// Closes, and cuts every connection: none is left when this returns.
    pub(super) async fn shut(mut self) {
        self.close().await;
        self.scissors.send_replace(());
        self.scissors.closed().await;
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Lets connections in, each with a cord by which it can be dropped.
struct Entrance {
    listener: TcpListener,
    scissors: watch::Receiver<()>,
}

impl Listener for Entrance {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        (Line::new(stream, self.scissors.clone()), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Pulled by a handler, it drops the connection that the request came on, without an answer.
#[derive(Clone, Default)]
pub(super) struct Cord(Arc<Notify>);

impl Cord {
    pub(super) fn pull(&self) {
        self.0.notify_one();
    }
}

impl Connected<IncomingStream<'_, Entrance>> for Cord {
    fn connect_info(stream: IncomingStream<'_, Entrance>) -> Self {
        stream.io().cord.clone()
    }
}

/// A connection that breaks when its cord is pulled, or when the door is shut.
struct Line {
    stream: TcpStream,
    cord: Cord,
    /// None once it is cut.
    cut: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Line {
    fn new(stream: TcpStream, mut scissors: watch::Receiver<()>) -> Self {
        let cord = Cord::default();
        let Cord(pulled) = cord.clone();
        let cut = async move {
            tokio::select! {
                () = pulled.notified() => {}
                // Also when the scissors are gone, with the door.
                _ = scissors.changed() => {}
            }
        };
        Self { stream, cord, cut: Some(Box::pin(cut)) }
    }

    fn poll_cut(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if let Some(cut) = &mut self.cut {
            ready!(cut.as_mut().poll(context));
            self.cut = None;
        }
        Poll::Ready(())
    }
}

/// A server reads as long as it has the connection, so this is where a cut is noticed at once.
impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.poll_cut(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
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
