//! Damaged requests at every address: forms, queries, cursors, cookies, tokens, keys, JSON. None may break the server.

use super::*;
use fuzz::Target;
use std::time::Duration;

/// Requests after which the town is built anew: forms change it, until nobody can sign in any more.
const WORN: usize = 1_500;

/// Names of fields and filters, with what they may hold.
const FIELDS: &str = "to=%2F&code=raised&place=%2FQH%2FLY%2F&kind=auditor&name=%E8%AF%95&q=%E7%81%AF&cursor=WyIyMDI2IiwieCJd&\
words=%E7%81%AF&phone=13700000001&part=open&reason=own&channel=phone&category=0101&before=W10&unit=x&panel=accept&new=1&draft=x&\
community=%2FQH%2FLY%2F&wish=copy&tier=autonomy&rows=x&password=x&login=x&from=2026-01-01&until=2026-12-31&at=%2FQH%2FLY%2F&\
who=x&voice=x&via=phone&verb=accept&value=1&urgency=ordinary&under=%2FQH%2FLY%2F&text=x&status=raised&sort=newest&old=x&lead=x&\
lon=120.1&lat=30.2&lang=en&keywords=x&in=%2FQH%2FLY%2F&id=x&granted=1&format=csv&finding=real&duty=08%3A30-12%3A00&limit=5&\
erase=1&enabled=1&client_at=2026-03-01T08:30:00Z&blob=x&base=plain&after=1&method=plain&mapped=date%3Draised_at&page=2&n=1&key=a";

/// The body of a matter raised by a program.
const RAISED: &str = r#"{"place":"/QH/LY/","body":"楼道灯不亮","lat":30.2,"lon":120.1,"phone":"13700000001","client_at":"2026-03-01T08:30:00Z","photos":[{"data":"iVBORw0KGgo="}]}"#;

/// A request as text: method, address, headers, a blank line, the body.
fn samples() -> Vec<Vec<u8>> {
    let session = "cookie: ys={session}; yl=en; ye=1; yc=LY; yf=a~b~c; yslip=LY-1~x";
    let token = "authorization: Bearer {token}\nidempotency-key: k1\nslip-secret: a";
    let form = "content-type: application/x-www-form-urlencoded";
    let json = "content-type: application/json";
    let mut out: Vec<String> = Vec::new();
    for door in rooms::DOORS.iter().flat_map(|(_, doors)| *doors) {
        let path = door.path;
        out.push(match (door.method, path.starts_with("/api/")) {
            ("GET", false) => format!("GET {path}?{FIELDS}\n{session}\n\n"),
            ("GET", true) => {
                format!(
                    "GET {path}?place=%2FQH%2F&q=%E7%81%AF&limit=5&from=2026-01-01&cursor=W10\n{token}\n\n"
                )
            }
            (_, false) => format!("POST {path}\n{session}\n{form}\n\ncsrf={{csrf}}&{FIELDS}"),
            (_, true) => format!("POST {path}\n{token}\n{json}\n\n{RAISED}"),
        });
    }
    for fields in [
        r#"{"tier":"autonomy","category":"0101","hazard":"1"}"#,
        r#"{"until":"2026-04-01","words":"等"}"#,
        r#"{"words":"x","photos":[{"data":""}]}"#,
    ] {
        for verb in ["accept", "ask_extend", "progress", "join"] {
            out.push(format!("POST /api/v1/matters/{{number}}/{verb}\n{token}\n{json}\n\n{fields}"));
        }
    }
    for (path, name, file) in [
        ("/raise", "photos", "\u{89}PNG\r\n\u{1a}\n"),
        ("/office/import", "file", "date,body,place\n2026-03-01,灯,3\n"),
        ("/office/places/import", "file", "community,building,lat\nLY,3,30.2\n"),
        ("/office/units/import", "file", "name,kind,place\n物业,department,LY\n"),
        ("/office/people/offices/import", "file", "name,phone,office,place\n王,13700000001,auditor,LY\n"),
    ] {
        let part = |name: &str, value: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let fields = [("csrf", "{csrf}"), ("place", "/QH/LY/"), ("community", "/QH/LY/"), ("body", "灯")];
        let fields: String = fields.iter().map(|(name, value)| part(name, value)).collect();
        out.push(format!(
            "POST {path}\n{session}\ncontent-type: multipart/form-data; boundary=x\n\n{fields}--x\r\n\
             Content-Disposition: form-data; name=\"{name}\"; filename=\"a\"\r\n\r\n{file}\r\n--x--\r\n"
        ));
    }
    out.into_iter().map(String::into_bytes).collect()
}

impl Town {
    /// The request that an input stands for; nothing when it is none.
    fn request(&self, input: &[u8]) -> Option<Request<Body>> {
        // Who asks follows from the input, so that the same input asks the same the next time.
        let who = input.iter().fold(input.len(), |sum, b| sum.wrapping_mul(31).wrapping_add(usize::from(*b)));
        let who = &self.knockers[who % self.knockers.len()];
        let told = String::from_utf8_lossy(input)
            .replace("{session}", who.cookie.as_deref().unwrap_or("none"))
            .replace("{token}", who.token.as_deref().unwrap_or("none"))
            .replace("{csrf}", &who.csrf)
            .replace("{number}", &self.number)
            .replace("{verb}", "accept")
            .replace("{act}", "unlock")
            .replace("{ending}", "csv")
            .replace("{code}", "raised")
            .replace("{kind}", "order")
            .replace("{account}", &self.account.to_string())
            .replace("{id}", &self.unit.to_string());
        let (head, body) = told.split_once("\n\n")?;
        let mut lines = head.lines();
        let (method, address) = lines.next()?.split_once(' ')?;
        // As a client writes it: what an address cannot hold is escaped.
        let held = |b: u8| b.is_ascii_graphic() && !b"\"<>`{}|\\^".contains(&b);
        let escaped = |b: u8| if held(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
        let address: String = address.bytes().map(escaped).collect();
        let mut request = Request::builder().method(method).uri(address);
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            let name = axum::http::HeaderName::from_bytes(name.as_bytes());
            let value = axum::http::HeaderValue::from_bytes(value.as_bytes());
            if let (Ok(name), Ok(value)) = (name, value) {
                request = request.header(name, value);
            }
        }
        request.body(Body::from(body.to_owned())).ok()
    }

    async fn answers(&self, request: Request<Body>) {
        let asked = format!("{} {}", request.method(), request.uri());
        let response = self.app.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        // A live page never ends.
        if kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
            return;
        }
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 26).await.unwrap();
        let said: String = String::from_utf8_lossy(&bytes).chars().take(300).collect();
        assert!(!status.is_server_error(), "{asked}: {status} {said}");
    }

    /// The record is whole, whatever was asked.
    async fn sound(&self) {
        let mut conn = self.test.store.read().await.unwrap();
        let mut faults = matters::verify(&mut conn, self.test.store.keys()).await.unwrap().1;
        faults.extend(people::verify(&mut conn).await.unwrap().1);
        faults.extend(places::verify(&mut conn).await.unwrap().1);
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[test]
fn requests() {
    let words = [
        "&cursor=",
        "&q=\"*",
        "&limit=999999999999",
        "&from=0000-01-01",
        "&to=9999-12-31",
        "&place=/",
        "%00",
        "%ff",
        "%",
        "; ys=",
        "Bearer ",
        "\nidempotency-key: ",
        "\naccept: application/json",
        "\nhx-request: true\nhx-target: x",
        "\nsec-fetch-site: cross-site",
        "\norigin: null",
        "\nx-forwarded-for: ::1, x",
        "\nrange: bytes=9-1",
        "{csrf}",
        "{id}",
        "{number}",
        "boundary=",
        "\r\n--x\r\n",
        "filename*=UTF-8''%ff",
        "[[[[[[[[",
        "null",
        "{\"a\":",
        "1e400",
    ];
    let target = Target { name: "requests", samples: samples(), words: &words, memory: 256 };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut town = runtime.block_on(town());
    let mut asked = 0;
    fuzz::run(&target, |input| {
        if asked == WORN {
            runtime.block_on(town.sound());
            town = runtime.block_on(super::town());
            asked = 0;
        }
        asked += 1;
        if let Some(request) = town.request(input) {
            let answer = async { tokio::time::timeout(Duration::from_secs(60), town.answers(request)).await };
            runtime.block_on(answer).expect("an answer within a minute");
        }
    });
    runtime.block_on(town.sound());
}
