//! A connection that is not waited for without end: who stops reading is let go.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Sleep,
};

/// A stream whose writes fail once the peer has taken nothing of them for `limit`.
pub(super) struct Patience<S> {
    stream: S,
    limit: Duration,
    /// Runs while a write waits.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<S> Patience<S> {
    pub(super) fn new(stream: S, limit: Duration) -> Self {
        Self { stream, limit, waiting: None }
    }

    /// What became of a write: its own word, or that it waited too long.
    fn judge<T>(&mut self, context: &mut Context<'_>, wrote: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if wrote.is_ready() {
            self.waiting = None;
            return wrote;
        }
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep(self.limit)));
        ready!(waiting.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer does not read")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patience<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patience<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(context, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.judge(context, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.judge(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let closed = Pin::new(&mut self.stream).poll_shutdown(context);
        self.judge(context, closed)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const LIMIT: Duration = Duration::from_millis(200);

    #[tokio::test(start_paused = true)]
    async fn who_reads_now_and_then_is_waited_for() {
        let (near, mut far) = duplex(4);
        let mut near = Patience::new(near, LIMIT);
        let write = async {
            near.write_all(&[7; 40]).await.unwrap();
            drop(near);
        };
        let read = async {
            let mut all = Vec::new();
            let mut part = [0; 4];
            while let Ok(1..) = far.read(&mut part).await {
                all.extend(part);
                tokio::time::sleep(LIMIT * 9 / 10).await;
            }
            all
        };
        assert_eq!(tokio::join!(write, read).1, [7; 40]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_no_more_is_not() {
        let (near, _far) = duplex(4);
        let mut near = Patience::new(near, LIMIT);
        let begun = tokio::time::Instant::now();
        let error = near.write_all(&[7; 40]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(begun.elapsed() >= LIMIT && begun.elapsed() < 2 * LIMIT);
    }

    /// The time counts while something is to be written, and not between.
    #[tokio::test(start_paused = true)]
    async fn having_nothing_to_say_is_no_fault_of_the_peer() {
        let (near, mut far) = duplex(4);
        let mut near = Patience::new(near, LIMIT);
        for _ in 0..3 {
            near.write_all(&[7; 4]).await.unwrap();
            tokio::time::sleep(5 * LIMIT).await;
            far.read_exact(&mut [0; 4]).await.unwrap();
        }
    }
}
