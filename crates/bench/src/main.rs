//! `cargo xtask bench`: fills a demo street with 100,000 matters through the product's own actions, starts the
//! program as an operator would, drives it from this second process, and writes the table of `docs/BENCHMARKS.md`.
#![expect(clippy::print_stdout, reason = "a command-line tool talks to the person who started it")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures for people"
)]

mod decide;
mod drive;
mod load;

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Parser;
use drive::{Line, Outcome, Site, drive};
use http_body_util::Full;
use hyper::{Request, body::Bytes, header};
use std::{
    fmt::Write as _,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Measures the program
#[derive(Parser)]
#[command(name = "bench", version)]
struct Arguments {
    /// The program
    #[arg(long, default_value = "target/release/yishiting")]
    program: PathBuf,
    /// How many matters
    #[arg(long, default_value_t = 100_000)]
    matters: u64,
    /// Seconds for each scenario
    #[arg(long, default_value_t = 15)]
    seconds: u64,
    /// Connections
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// A data folder that is kept: filled when it is empty, used as it is otherwise
    #[arg(long)]
    data: Option<PathBuf>,
    /// Where the table is written
    #[arg(long, default_value = "docs/BENCHMARKS.md")]
    out: PathBuf,
    /// Only councils and polls, without the street of matters; the table goes to docs/BENCHMARKS-decisions.md
    #[arg(long)]
    decisions: bool,
    /// Only scenarios whose name contains this
    #[arg(long)]
    only: Option<String>,
}

/// The demo's password; see its start page.
const PASSWORD: &str = "Yishiting-2468";

/// Where the table of decisions is written.
const DECISIONS: &str = "docs/BENCHMARKS-decisions.md";

/// What stands under the table.
const MEASURED: &str = "\nThe store is a demo street to which matters were added by the same actions that users call, each through \
         its whole life; one in 25 is still open. Every answer was read to its end and was a success. Lists, stories and \
         figures are kept while nothing changes, and sums that took long are given for twenty times as long as they took: the rows \
         of one kind of page are those of a quiet record, the row with both those of a busy one.\n";

/// What stands under the table of decisions.
const DECIDED: &str = "\nThe store is a demo street with a vote of a hundred thousand units, made by the same actions that users call. \
         Every ballot of the last rows was sent by the page's own form with a session of its own, and is there once.\n";

/// The demo's first community.
const COMMUNITY: &str = "/QH/LY/";

/// The running program, killed when the value goes.
struct Served {
    child: Child,
    address: String,
    ready: Duration,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    async fn start(program: &Path, command: &str, data: &Path) -> Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let begun = Instant::now();
        let mut child = Command::new(program)
            .args([command, "--listen", &address, "--data"])
            .arg(data)
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .with_context(|| program.display().to_string())?;
        let site = Site { address: address.clone(), cookie: String::new() };
        loop {
            if let Some(status) = child.try_wait()? {
                anyhow::bail!("{command} ended: {status}");
            }
            if let Ok(mut line) = Line::open(&address).await
                && line.send(site.get("/readyz")?).await.is_ok_and(|a| a.status.is_success())
            {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(Self { child, address, ready: begun.elapsed() })
    }

    /// Resident memory in MiB.
    fn memory(&self) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let kib = text.lines().find_map(|l| l.strip_prefix("VmRSS:")?.trim().split(' ').next()?.parse().ok());
        kib.map_or(f64::NAN, |k: f64| k / 1024.0)
    }
}

/// Every tenth number that the list shows, over several pages.
async fn numbers(site: &Site, list: &str) -> Result<Vec<String>> {
    let mut line = Line::open(&site.address).await?;
    let mut found: Vec<String> = Vec::new();
    let mut next = Some(list.to_owned());
    for _ in 0..20 {
        let Some(path) = next.take() else { break };
        let answer = line.send(site.get(&path)?).await?;
        ensure!(answer.status.is_success(), "{path}: {}", answer.status);
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        found
            .extend(text.split("data-row=\"").skip(1).filter_map(|t| t.split('"').next().map(str::to_owned)));
        next = text
            .split("href=\"")
            .filter_map(|t| t.split('"').next())
            .find(|h| h.contains("cursor="))
            .map(|h| h.replace("&amp;", "&"));
    }
    ensure!(found.len() > 50, "{list} shows only {} matters", found.len());
    Ok(found)
}

struct Row {
    what: String,
    wanted: &'static str,
    got: String,
}

fn line(what: impl Into<String>, wanted: &'static str, got: impl Into<String>) -> Row {
    let row = Row { what: what.into(), wanted, got: got.into() };
    println!("{:<58} {:<34} {}", row.what, row.wanted, row.got);
    row
}

fn shown(o: &Outcome) -> String {
    format!(
        "{:.0}/s, p50 {:.1} ms, p99 {:.1} ms, max {:.0} ms, {:.0} KB each",
        o.rate,
        o.p50,
        o.p99,
        o.max,
        o.bytes / 1024.0
    )
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let a = Arguments::parse();
    if a.decisions {
        let rows = decide::all(&a.program, a.connections, Duration::from_secs(a.seconds)).await?;
        return write(&a, &rows, Path::new(DECISIONS), DECIDED);
    }
    let temp = tempfile::Builder::new().prefix("yishiting-bench-").tempdir()?;
    let data = a.data.clone().unwrap_or_else(|| temp.path().join("data"));
    let mut rows = Vec::new();
    if !data.join("bench-filled").exists() {
        println!("filling the demo street");
        drop(Served::start(&a.program, "demo", &data).await?);
        let mut last = 0;
        let loaded = load::load(&data, a.matters, |n| {
            if n / 5000 != last {
                last = n / 5000;
                print!("\r{n} matters");
                let _ = std::io::stdout().flush();
            }
        })
        .await?;
        println!();
        std::fs::write(data.join("bench-filled"), "")?;
        rows.push(line(
            format!("loading {} matters by {} acts", loaded.matters, loaded.acts),
            "",
            format!("{:.0} s, {:.0} acts/s", loaded.seconds, loaded.acts as f64 / loaded.seconds),
        ));
    }
    let size: u64 = std::fs::read_dir(&data)?.filter_map(|e| e.ok()?.metadata().ok().map(|m| m.len())).sum();
    rows.push(line("database", "", format!("{} MB", size / 1_000_000)));
    let binary = std::fs::metadata(&a.program)?.len();
    rows.push(line("program", "under 60 MB", format!("{:.1} MB", binary as f64 / 1e6)));

    let served = Served::start(&a.program, "serve", &data).await?;
    rows.push(line("ready to serve", "under 1 s", format!("{:.2} s", served.ready.as_secs_f64())));
    let stranger = Site { address: served.address.clone(), cookie: String::new() };
    rows.extend(first_visit(&stranger).await?);
    let mut clerk = stranger.clone();
    clerk.sign_in("secretary", PASSWORD).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    rows.push(line("memory at rest", "under 120 MiB", format!("{:.0} MiB", served.memory())));

    let peak = Arc::new(AtomicU64::new(0));
    let stop = Arc::new(AtomicBool::new(false));
    let (pid, peak2, stop2) = (served.child.id(), peak.clone(), stop.clone());
    let watch = tokio::spawn(async move {
        while !stop2.load(Ordering::Relaxed) {
            let text = tokio::fs::read_to_string(format!("/proc/{pid}/status")).await.unwrap_or_default();
            let kib =
                text.lines().find_map(|l| l.strip_prefix("VmRSS:")?.trim().split(' ').next()?.parse().ok());
            peak2.fetch_max(kib.unwrap_or(0), Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let time = Duration::from_secs(a.seconds);
    let wants = |name: &str| a.only.as_ref().is_none_or(|only| name.contains(only.as_str()));

    let all = Arc::new(numbers(&clerk, "/office/matters?part=all").await?);
    if wants("worklist") {
        let site = clerk.clone();
        let o = drive(&clerk, a.connections, time, move |_| site.get("/office/matters?part=open")).await?;
        rows.push(line("worklist page of 50 rows", "over 1,500/s, p99 under 60 ms", shown(&o)));
    }
    if wants("desk") {
        let site = clerk.clone();
        let o = drive(&clerk, a.connections, time, move |_| site.get("/office")).await?;
        rows.push(line("desk (worklist with its counts)", "", shown(&o)));
    }
    if wants("matter") {
        let (site, all) = (clerk.clone(), all.clone());
        let o = drive(&clerk, a.connections, time, move |n| {
            site.get(&format!("/office/m/{}", all[n as usize % all.len()]))
        })
        .await?;
        rows.push(line("matter page", "over 1,500/s, p99 under 60 ms", shown(&o)));
    }
    if wants("search") {
        let site = clerk.clone();
        // 声控灯, 鞋柜, 电梯异响, 瓷砖, 小广告, and words with a number that few matters have.
        let words = [
            "%E5%A3%B0%E6%8E%A7%E7%81%AF",
            "%E9%9E%8B%E6%9F%9C",
            "%E7%94%B5%E6%A2%AF%E5%BC%82%E5%93%8D",
            "512%E5%8F%B7",
            "%E5%B0%8F%E5%B9%BF%E5%91%8A",
            "877%E5%8F%B7%E5%8F%8D%E6%98%A0",
        ];
        let o = drive(&clerk, a.connections, time, move |n| {
            site.get(&format!("/office/matters?part=all&q={}", words[n as usize % words.len()]))
        })
        .await?;
        rows.push(line("search by Chinese words", "over 300/s", shown(&o)));
    }
    if wants("public") {
        let site = stranger.clone();
        let o = drive(&stranger, a.connections, time, move |_| site.get("/public")).await?;
        rows.push(line("public figures", "", shown(&o)));
    }
    if wants("figures") {
        let site = clerk.clone();
        let o = drive(&clerk, a.connections, time, move |_| site.get("/office/figures")).await?;
        rows.push(line("staff figures", "", shown(&o)));
    }
    if wants("raise") {
        let photo = STANDARD.encode(photo()?);
        let run = std::process::id().to_string();
        let site = stranger.clone();
        let o = drive(&stranger, a.connections, time, move |n| raise(&site, &run, n, &photo)).await?;
        rows.push(line("durable raise with a 20 KB photo (fsync on)", "over 200/s", shown(&o)));
    }
    if wants("mixed") {
        // What is kept while nothing changes is made anew again and again.
        let (photo, run) = (STANDARD.encode(photo()?), format!("{}-mixed", std::process::id()));
        let (reader, site, all) = (clerk.clone(), stranger.clone(), all.clone());
        let few = a.connections.div_ceil(8);
        let read = drive(&clerk, a.connections - few, time, move |n| {
            if n % 2 == 0 {
                reader.get("/office/matters?part=open")
            } else {
                reader.get(&format!("/office/m/{}", all[n as usize % all.len()]))
            }
        });
        let raised = drive(&stranger, few, time, move |n| raise(&site, &run, n, &photo));
        let (read, raised) = tokio::join!(read, raised);
        rows.push(line("worklist and matter pages while others raise", "", shown(&read?)));
        rows.push(line(format!("those others, {few} of them, raising"), "", shown(&raised?)));
    }
    stop.store(true, Ordering::Relaxed);
    watch.await?;
    rows.push(line(
        "memory under that load, at its highest",
        "under 250 MiB",
        format!("{:.0} MiB", peak.load(Ordering::Relaxed) as f64 / 1024.0),
    ));
    drop(served);
    if a.only.is_none() {
        write(&a, &rows, &a.out, MEASURED)?;
    }
    Ok(())
}

/// A photo of about 20 KB, as a phone would send one that it has shrunk.
fn photo() -> Result<Vec<u8>> {
    let mut photo = store::pictures::sample(640, 480, 90).map_err(|e| anyhow::anyhow!("{e}"))?;
    // A comment segment brings it to its size, whatever the encoder makes of plain colours.
    let missing = 20_000_usize.saturating_sub(photo.len());
    if missing > 4 {
        let mut segment = vec![0xFF, 0xFE];
        segment.extend_from_slice(&u16::try_from(missing - 2)?.to_be_bytes());
        segment.resize(missing, b' ');
        photo.splice(2..2, segment);
    }
    Ok(photo)
}

fn raise(site: &Site, run: &str, n: u64, photo: &str) -> Result<Request<Full<Bytes>>> {
    let body = serde_json::json!({
        "place": COMMUNITY,
        "body": format!("第{n}次：楼道灯不亮，晚上看不见路。"),
        "phone": format!("139{:08}", n % 5000),
        "photos": [{ "data": photo }],
    });
    Ok(Request::post("/api/v1/matters")
        .header(header::HOST, &site.address)
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", format!("bench-{run}-{n}"))
        .body(Full::from(body.to_string()))?)
}

/// What a first visit of `/` costs: the page and everything that it links, compressed.
async fn first_visit(site: &Site) -> Result<Vec<Row>> {
    let mut line_ = Line::open(&site.address).await?;
    let mut fetch = async |path: String| -> Result<(usize, String, String)> {
        let mut request = site.get(&path)?;
        request.headers_mut().insert(header::ACCEPT_ENCODING, header::HeaderValue::from_static("br"));
        let answer = line_.send(request).await?;
        ensure!(answer.status.is_success(), "{path}: {}", answer.status);
        let kind = answer.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let plain = if answer.headers.contains_key(header::CONTENT_ENCODING) {
            let plain = line_.send(site.get(&path)?).await?;
            String::from_utf8_lossy(&plain.body).into_owned()
        } else {
            String::from_utf8_lossy(&answer.body).into_owned()
        };
        Ok((answer.body.len(), kind.to_owned(), plain))
    };
    let (mut total, _, page) = fetch("/".to_owned()).await?;
    let mut script = 0;
    let mut links: Vec<String> = Vec::new();
    for part in page.split(['"', '\'']).map(|p| p.split('#').next().unwrap_or_default()) {
        if part.starts_with("/assets/") && !links.iter().any(|l| l == part) {
            links.push(part.to_owned());
        }
    }
    for link in links {
        let (bytes, kind, _) = fetch(link).await?;
        total += bytes;
        if kind.contains("javascript") {
            script += bytes;
        }
    }
    Ok(vec![
        line("first visit of /, compressed", "under 70 KB", format!("{:.1} KB", total as f64 / 1024.0)),
        line("script in it", "under 20 KB", format!("{:.1} KB", script as f64 / 1024.0)),
    ])
}

fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpu.lines().find_map(|l| l.strip_prefix("model name")?.split(':').nth(1).map(str::trim));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib: f64 = memory
        .lines()
        .find_map(|l| l.strip_prefix("MemTotal:")?.trim().split(' ').next()?.parse().ok())
        .unwrap_or(0.0);
    format!("{cores} cores of {}, {:.0} GiB", name.unwrap_or("an unnamed processor"), kib / 1024.0 / 1024.0)
}

fn write(a: &Arguments, rows: &[Row], out: &Path, about: &str) -> Result<()> {
    let today = kernel::time::local_date(kernel::Clock::now(&store::SystemClock));
    let mut text = format!(
        "# Measures\n\nWritten by `cargo xtask bench{}` on {}: {}, shared by the program and the load; SQLite with \
         full synchronisation; {} connections, {} s each.\n\n| what | wanted | measured |\n|---|---|---|\n",
        if a.decisions { " -- --decisions" } else { "" },
        today,
        machine(),
        a.connections,
        a.seconds
    );
    for r in rows {
        writeln!(text, "| {} | {} | {} |", r.what, r.wanted, r.got)?;
    }
    text.push_str(about);
    std::fs::write(out, text)?;
    println!("written: {}", out.display());
    Ok(())
}
