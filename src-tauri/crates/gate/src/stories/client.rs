//! A client that says exactly what it is told.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// Longer than anything that works takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone)]
pub(super) struct Ask {
    port: u16,
    line: String,
    fields: Vec<(String, String)>,
    body: String,
}

impl Ask {
    pub(super) fn new(port: u16, method: &str, target: &str) -> Self {
        let host = ("Host".to_owned(), format!("127.0.0.1:{port}"));
        Self { port, line: format!("{method} {target} HTTP/1.1"), fields: vec![host], body: String::new() }
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        self
    }

    pub(super) fn json(self, body: &str) -> Self {
        self.with("Content-Type", "application/json").with_body(body)
    }

    pub(super) fn with_body(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self.with("Content-Length", &body.len().to_string())
    }

    pub(super) async fn send(&self) -> Answer {
        let fields: String = self.fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let request = format!("{}\r\n{fields}Connection: close\r\n\r\n{}", self.line, self.body);
        Answer::read(&raw(self.port, &request).await)
    }
}

/// Sends `bytes` and returns everything until the gate closes.
pub(super) async fn raw(port: u16, bytes: &str) -> String {
    let talk = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    timeout(PATIENCE, talk).await.expect("an answer")
}

#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn read(bytes: &str) -> Self {
        let (head, body) = bytes.split_once("\r\n\r\n").expect("a complete head");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, self.body))
    }

    pub(super) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The number of a waiting page, as a machine finds it.
    pub(super) fn number(&self) -> Option<u8> {
        let (_, rest) = self.body.split_once("data-testid=\"number\">")?;
        rest.split('<').next()?.parse().ok()
    }

    /// The fields of the page's form, in order.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        let inputs = self.body.split("<input type=\"hidden\" name=\"").skip(1);
        inputs
            .filter_map(|input| {
                let (name, rest) = input.split_once("\" value=\"")?;
                Some((name.to_owned(), unescaped(rest.split_once('"')?.0)))
            })
            .collect()
    }

    pub(super) fn form_action(&self) -> Option<String> {
        let (_, rest) = self.body.split_once(" action=\"")?;
        Some(unescaped(rest.split_once('"')?.0))
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
