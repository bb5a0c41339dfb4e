//! A browser's part, many times over: requests on kept connections, each answer read to its end and timed.

use anyhow::{Context, Result, bail, ensure};
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, StatusCode, body::Bytes, body::Incoming, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::net::TcpStream;

/// Where the server listens, and the cookie of whoever asks.
#[derive(Clone)]
pub struct Site {
    /// `host:port`
    pub address: String,
    /// The `Cookie` header, blank for strangers.
    pub cookie: String,
}

/// One connection.
pub struct Line(http1::SendRequest<Full<Bytes>>);

/// A whole answer.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: hyper::HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Line {
    /// Opens a connection.
    ///
    /// # Errors
    /// When nobody listens.
    pub async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self(sender))
    }

    /// Sends a request and reads the answer to its end.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Answer> {
        self.0.ready().await?;
        let response: Response<Incoming> = self.0.send_request(request).await?;
        let (parts, body) = response.into_parts();
        Ok(Answer { status: parts.status, headers: parts.headers, body: body.collect().await?.to_bytes() })
    }
}

impl Line {
    /// Sends a request whose answer goes on for ever, and gives its body.
    ///
    /// # Errors
    /// When the connection breaks, or the answer is no success.
    pub async fn stream(mut self, request: Request<Full<Bytes>>) -> Result<Incoming> {
        self.0.ready().await?;
        let response = self.0.send_request(request).await?;
        ensure!(response.status().is_success(), "{}", response.status());
        let body = response.into_body();
        // The connection lives as long as somebody may still send on it.
        tokio::spawn(async move {
            self.0.ready().await.ok();
            std::future::pending::<()>().await;
        });
        Ok(body)
    }
}

impl Site {
    /// A GET as this visitor.
    ///
    /// # Errors
    /// When the path is no address.
    pub fn get(&self, path: &str) -> Result<Request<Full<Bytes>>> {
        let request = Request::get(path)
            .header(header::HOST, &self.address)
            .header(header::COOKIE, &self.cookie)
            .header(header::ACCEPT, "text/html");
        Ok(request.body(Full::default())?)
    }

    /// Opens a page; where the notice on personal information is asked first, agrees to it.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn agree(&self, line: &mut Line, path: &str) -> Result<Answer> {
        let answer = line.send(self.get(path)?).await?;
        let Some(to) = answer.headers.get(header::LOCATION).and_then(|l| l.to_str().ok()) else {
            return Ok(answer);
        };
        let asked = line.send(self.get(to)?).await?;
        let text = String::from_utf8_lossy(&asked.body).into_owned();
        let form = text.split("action=\"/me/consent\"").nth(1).context("no form to agree")?;
        let csrf = form.split("name=\"csrf\" value=\"").nth(1).and_then(|t| t.split('"').next());
        let body = format!("csrf={}&answer=yes", csrf.context("no token")?);
        let request = Request::post("/me/consent")
            .header(header::HOST, &self.address)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(body))?;
        line.send(request).await?;
        line.send(self.get(path)?).await
    }

    /// Signs in with a password; the site then carries the session.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn sign_in(&mut self, login: &str, password: &str) -> Result<()> {
        let mut line = Line::open(&self.address).await?;
        let page = line.send(self.get("/sign-in")?).await?;
        let mut cookies: Vec<String> = cookies(&page);
        let text = String::from_utf8_lossy(&page.body);
        let csrf = text
            .split("name=\"csrf\" value=\"")
            .nth(1)
            .and_then(|t| t.split('"').next())
            .context("no form")?;
        let form = format!("csrf={csrf}&login={login}&password={password}");
        let request = Request::post("/sign-in")
            .header(header::HOST, &self.address)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(form))?;
        let answer = line.send(request).await?;
        ensure!(answer.status.is_redirection(), "sign-in of {login}: {}", answer.status);
        cookies.extend(self::cookies(&answer));
        self.cookie = cookies.join("; ");
        Ok(())
    }
}

fn cookies(answer: &Answer) -> Vec<String> {
    let set = answer.headers.get_all(header::SET_COOKIE).iter();
    set.filter_map(|v| v.to_str().ok()?.split(';').next().map(str::to_owned)).collect()
}

/// What came out of one scenario.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Answers a second.
    pub rate: f64,
    /// Median, in milliseconds.
    pub p50: f64,
    /// 99th percentile, in milliseconds.
    pub p99: f64,
    /// The slowest, in milliseconds.
    pub max: f64,
    /// Bytes of one answer on average.
    pub bytes: f64,
}

/// Asks on `connections` lines for `time`; `request` makes the n-th request.
///
/// # Errors
/// The first answer that is not a success.
pub async fn drive(
    site: &Site,
    connections: usize,
    time: Duration,
    request: impl Fn(u64) -> Result<Request<Full<Bytes>>> + Send + Sync + 'static,
) -> Result<Outcome> {
    let request = Arc::new(request);
    let serial = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let mut lines = Vec::new();
    for _ in 0..connections {
        let (request, serial) = (request.clone(), serial.clone());
        let mut line = Line::open(&site.address).await?;
        lines.push(tokio::spawn(async move {
            let (mut times, mut bytes) = (Vec::new(), 0);
            while begun.elapsed() < time {
                let asked = request(serial.fetch_add(1, Ordering::Relaxed))?;
                let path = asked.uri().to_string();
                let sent = Instant::now();
                let answer = line.send(asked).await?;
                times.push(sent.elapsed());
                bytes += answer.body.len();
                if !answer.status.is_success() {
                    let said = String::from_utf8_lossy(&answer.body).chars().take(300).collect::<String>();
                    bail!("{path}: {} {said}", answer.status);
                }
            }
            Ok((times, bytes))
        }));
    }
    let (mut times, mut bytes) = (Vec::new(), 0);
    for line in lines {
        let (t, b) = line.await??;
        times.extend(t);
        bytes += b;
    }
    let seconds = begun.elapsed().as_secs_f64();
    times.sort();
    ensure!(!times.is_empty(), "nothing was answered");
    let at = |share: f64| {
        let i = ((times.len() as f64 * share) as usize).min(times.len() - 1);
        times[i].as_secs_f64() * 1000.0
    };
    Ok(Outcome {
        rate: times.len() as f64 / seconds,
        p50: at(0.5),
        p99: at(0.99),
        max: at(1.0),
        bytes: bytes as f64 / times.len() as f64,
    })
}
