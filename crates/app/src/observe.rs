//! What the operator sees of requests: counts and durations for `/metrics`, and a log without query strings and
//! without anything personal (the route's pattern is logged, not the address).

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

/// Upper bounds of the buckets of durations, in milliseconds.
const BUCKETS: [u64; 10] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000];

/// Counters of a running server.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Answers by class of status, 1xx to 5xx.
    classes: [AtomicU64; 5],
    /// Answers by duration; the last bucket holds what took longer than all bounds.
    buckets: [AtomicU64; BUCKETS.len() + 1],
    /// Sum of durations, in microseconds.
    micros: AtomicU64,
}

impl Counters {
    fn count(&self, status: u16, micros: u64) {
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        self.classes[class].fetch_add(1, Relaxed);
        let bucket = BUCKETS.iter().position(|b| micros <= b * 1000).unwrap_or(BUCKETS.len());
        self.buckets[bucket].fetch_add(1, Relaxed);
        self.micros.fetch_add(micros, Relaxed);
    }

    /// The counters as Prometheus text.
    pub(crate) fn text(&self) -> String {
        let mut out = String::from("# TYPE yishiting_requests_total counter\n");
        for (n, class) in self.classes.iter().enumerate() {
            let _ =
                writeln!(out, "yishiting_requests_total{{class=\"{}xx\"}} {}", n + 1, class.load(Relaxed));
        }
        out.push_str("# TYPE yishiting_request_seconds histogram\n");
        let mut sum = 0;
        for (n, bucket) in self.buckets.iter().enumerate() {
            sum += bucket.load(Relaxed);
            match BUCKETS.get(n) {
                #[expect(clippy::cast_precision_loss, reason = "bounds far below 2^53")]
                Some(ms) => {
                    let _ = writeln!(
                        out,
                        "yishiting_request_seconds_bucket{{le=\"{}\"}} {sum}",
                        *ms as f64 / 1000.0
                    );
                }
                None => {
                    let _ = writeln!(out, "yishiting_request_seconds_bucket{{le=\"+Inf\"}} {sum}");
                }
            }
        }
        let micros = self.micros.load(Relaxed);
        let _ =
            writeln!(out, "yishiting_request_seconds_sum {}.{:06}", micros / 1_000_000, micros % 1_000_000);
        let _ = writeln!(out, "yishiting_request_seconds_count {sum}");
        out
    }
}

/// Counts and logs a request.
pub(crate) async fn observe(State(counters): State<Arc<Counters>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    // The pattern, such as `/m/{number}`: an address can carry a secret or a number.
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "-".to_owned(), |m| m.as_str().to_owned());
    let response = next.run(request).await;
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    counters.count(status, micros);
    if !route.starts_with("/assets/") && route != "/healthz" && route != "/readyz" {
        // What went well is in the counters; the log tells what did not, or took long.
        let ms = micros / 1000;
        if status >= 500 || ms >= 1000 {
            tracing::warn!(target: "yishiting::request", %method, route, status, ms);
        } else {
            tracing::debug!(target: "yishiting::request", %method, route, status, ms);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_cumulative_and_complete() {
        let counters = Counters::default();
        counters.count(200, 3_000);
        counters.count(404, 80_000);
        counters.count(500, 60_000_000);
        let text = counters.text();
        for line in [
            "yishiting_requests_total{class=\"2xx\"} 1",
            "yishiting_requests_total{class=\"5xx\"} 1",
            "yishiting_request_seconds_bucket{le=\"0.005\"} 1",
            "yishiting_request_seconds_bucket{le=\"0.1\"} 2",
            "yishiting_request_seconds_bucket{le=\"+Inf\"} 3",
            "yishiting_request_seconds_sum 60.083000",
            "yishiting_request_seconds_count 3",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
    }
}
