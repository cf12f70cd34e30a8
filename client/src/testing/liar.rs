//! Somebody between a node and its clients, in a process of any kind.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
};

use super::Answer;
use crate::transport::{Http, Method, Request, Response, Transport};

type Alter = Box<dyn Fn(&mut Vec<u8>) + Send>;

/// A server in front of a node, that alters the answers at one path as it is told to.
pub struct Liar {
    url: String,
    told: Arc<Mutex<Told>>,
}

#[derive(Default)]
struct Told {
    /// The answer that is altered, and how.
    lie: Option<(Answer, Alter)>,
    /// The questions since it was asked last, with the honest answers.
    heard: Vec<(Method, String, Vec<u8>)>,
}

impl Liar {
    /// Stands before the node at `url`, honest as yet. It goes on to the end of the process.
    ///
    /// # Panics
    /// If there is no such URL, or this machine gives no port.
    #[allow(clippy::unwrap_used, reason = "what fails here fails a test")]
    pub fn before(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = format!("http://{}", listener.local_addr().unwrap());
        let (told, node) = (Arc::new(Mutex::new(Told::default())), Http::new(url).unwrap());
        let tells = told.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (node, told) = (node.clone(), tells.clone());
                // A client that goes away is answered no more.
                std::thread::spawn(move || drop(serve(&client, &node, &told)));
            }
        });
        Self { url: own, told }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Alters the answers that are described by `answer`, and no others.
    pub fn tells(&self, answer: &Answer, alter: impl Fn(&mut Vec<u8>) + Send + 'static) {
        self.lock().lie = Some((answer.clone(), Box::new(alter)));
    }

    /// Alters nothing any more.
    pub fn is_honest(&self) {
        self.lock().lie = None;
    }

    /// The questions since this was last called: methods, paths, and the node's answers.
    pub fn heard(&self) -> Vec<(Method, String, Vec<u8>)> {
        std::mem::take(&mut self.lock().heard)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers what a client asks, until he closes the connection.
fn serve(client: &TcpStream, node: &Http, told: &Mutex<Told>) -> std::io::Result<()> {
    let (mut reader, mut writer) = (BufReader::new(client), client);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let mut words = line.split(' ').map(str::to_owned);
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let (mut length, mut content_type) = (0, None);
        loop {
            let mut header = String::new();
            reader.read_line(&mut header)?;
            let Some((name, value)) = header.trim_end().split_once(':') else { break };
            match name.to_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap_or_default(),
                "content-type" if value.contains("json") => content_type = Some("application/json"),
                "content-type" => content_type = Some("application/octet-stream"),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let method = if method == "POST" { Method::Post } else { Method::Get };
        let asked = Request { method, path: path.clone(), content_type, body };
        let Ok(Response { status, mut body }) = pollster::block_on(node.send(asked)) else { return Ok(()) };
        {
            let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
            told.heard.push((method, path.clone(), body.clone()));
            if let Some((answer, alter)) = &told.lie
                && answer.is_at(&path)
                && status == 200
            {
                alter(&mut body);
            }
        }
        let length = body.len();
        write!(writer, "HTTP/1.1 {status} Said\r\ncontent-length: {length}\r\n\r\n")?;
        writer.write_all(&body)?;
    }
}
