//! A connection that is not waited for without end: a peer that stops reading, or reads next to nothing, is let go.

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

/// A stream whose writes fail if the peer takes fewer than `least` bytes in `limit`, while something waits to be written.
pub(super) struct WriteTimeout<S> {
    stream: S,
    limit: Duration,
    least: usize,
    /// Runs from the first write that waits: the time that is left, and the bytes that were taken in it.
    waiting: Option<(Pin<Box<Sleep>>, usize)>,
}

impl<S> WriteTimeout<S> {
    pub(super) fn new(stream: S, limit: Duration, least: usize) -> Self {
        Self { stream, limit, least: least.max(1), waiting: None }
    }

    /// Judges a write: it has its own outcome, or too little was taken for too long.
    fn judge(
        &mut self,
        context: &mut Context<'_>,
        wrote: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match wrote {
            Poll::Ready(Ok(count)) => {
                let enough = |(_, taken): &mut (_, usize)| {
                    *taken = taken.saturating_add(count);
                    *taken >= self.least
                };
                if self.waiting.as_mut().is_none_or(enough) {
                    self.waiting = None;
                }
                Poll::Ready(Ok(count))
            }
            Poll::Ready(error) => Poll::Ready(error),
            Poll::Pending => self.wait(context),
        }
    }

    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        let fresh = || (Box::pin(tokio::time::sleep(self.limit)), 0);
        let (sleep, _) = self.waiting.get_or_insert_with(fresh);
        ready!(sleep.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer does not read")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WriteTimeout<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WriteTimeout<S> {
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
        match Pin::new(&mut self.stream).poll_flush(context) {
            Poll::Ready(flushed) => {
                // All that was to be written is: the next answer has its own time.
                self.waiting = None;
                Poll::Ready(flushed)
            }
            Poll::Pending => self.wait(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_shutdown(context) {
            Poll::Ready(closed) => Poll::Ready(closed),
            Poll::Pending => self.wait(context),
        }
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
        let mut near = WriteTimeout::new(near, LIMIT, 1);
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
        let mut near = WriteTimeout::new(near, LIMIT, 1);
        let begun = tokio::time::Instant::now();
        let error = near.write_all(&[7; 40]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(begun.elapsed() >= LIMIT && begun.elapsed() < 2 * LIMIT);
    }

    /// The time counts while something is to be written, and not between.
    #[tokio::test(start_paused = true)]
    async fn having_nothing_to_say_is_no_fault_of_the_peer() {
        let (near, mut far) = duplex(4);
        let mut near = WriteTimeout::new(near, LIMIT, 1);
        for _ in 0..3 {
            near.write_all(&[7; 4]).await.unwrap();
            tokio::time::sleep(5 * LIMIT).await;
            far.read_exact(&mut [0; 4]).await.unwrap();
        }
    }

    /// Attacker: a peer who holds an answer, and the memory that it takes, by reading a byte now and then.
    #[tokio::test(start_paused = true)]
    async fn who_reads_next_to_nothing_is_let_go() {
        let (near, mut far) = duplex(4);
        let mut near = WriteTimeout::new(near, LIMIT, 100);
        let begun = tokio::time::Instant::now();
        let write = async { near.write_all(&[7; 400]).await.unwrap_err() };
        let read = async {
            let mut part = [0; 4];
            while let Ok(1..) = far.read(&mut part).await {
                tokio::time::sleep(LIMIT / 4).await;
            }
        };
        let error = tokio::select! {
            error = write => error,
            () = read => unreachable!("the writer ends first"),
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(begun.elapsed() < 2 * LIMIT);
    }

    /// The end of an answer may be short: once all is written, nothing counts.
    #[tokio::test(start_paused = true)]
    async fn a_short_end_of_an_answer_is_enough() {
        let (near, mut far) = duplex(4);
        let mut near = WriteTimeout::new(near, LIMIT, 100);
        for _ in 0..3 {
            let write = async {
                near.write_all(&[7; 12]).await.unwrap();
                near.flush().await.unwrap();
            };
            let read = async { far.read_exact(&mut [0; 12]).await.unwrap() };
            tokio::join!(write, read);
            tokio::time::sleep(5 * LIMIT).await;
        }
    }
}
