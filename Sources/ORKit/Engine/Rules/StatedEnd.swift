/// When an upstream says that the trouble is over, and where it says so.
struct StatedEnd: Sendable {
    /// Nil: so far away that it is no more than a guess (ruling 10).
    let time: WallTime?
    let source: TimeSource
    /// `Retry-After=7`; nil where the message itself says it.
    let words: String?

    /// A place where a time may stand.
    struct Place {
        let name: String?
        let text: String?
        let source: TimeSource
        let read: (String, WallTime) -> WallTime?
    }

    /// The first place that states a time; else the first that states an absurd
    /// one. Nil if none does.
    init?(in places: [Place], at now: WallTime) {
        var absurd: StatedEnd?
        for place in places {
            guard let text = place.text, let time = place.read(text, now) else { continue }
            let words = place.name.map { "\($0)=\(text.prefix(40))" }
            let away = time.milliseconds(since: now)
            if (-StatedTime.horizon...StatedTime.horizon).contains(away) {
                self.init(time: time, source: place.source, words: words)
                return
            }
            absurd = absurd ?? StatedEnd(time: nil, source: place.source, words: words)
        }
        guard let absurd else { return nil }
        self = absurd
    }

    private init(time: WallTime?, source: TimeSource, words: String?) {
        self.time = time
        self.source = source
        self.words = words
    }
}

extension StatedEnd.Place {
    static func wait(_ name: String, _ text: String?, _ source: TimeSource) -> Self {
        Self(name: name, text: text, source: source, read: StatedTime.retryAfter)
    }

    static func reset(_ name: String, _ text: String?, _ source: TimeSource) -> Self {
        Self(name: name, text: text, source: source) {
            StatedTime.reset($0, at: $1) ?? StatedTime.span($0, at: $1)
        }
    }

    /// `Retry-After`, then the reset header, each in the head or copied into
    /// the body, then the body's own members (K-12).
    static func openRouter(_ answer: UpstreamAnswer, error: JSONValue?, metadata: JSONValue?) -> [Self] {
        let headers = metadata?["headers"]
        let availability = error?["availability"] ?? metadata?["availability"]
        func field(_ name: String, _ make: (String, String?, TimeSource) -> Self) -> Self {
            answer.field(name.lowercased()).map { make(name, $0, .header) }
                ?? make(name, headers?.caseless(name)?.scalar, .body)
        }
        func member(_ name: String, of value: JSONValue?) -> Self {
            wait(name, value?[name]?.scalar, .body)
        }
        return [
            field("Retry-After", wait), field("X-RateLimit-Reset", reset),
            member("retry_after_seconds_raw", of: metadata), member("retry_after_seconds", of: metadata),
            member("retry_after", of: availability), member("retry_after", of: error),
            reset("resets_at", metadata?["resets_at"]?.scalar, .body),
            reset("resets_at", error?["resets_at"]?.scalar, .body),
        ]
    }

    /// The milliseconds, the seconds, the resets of limits that are used up,
    /// the message.
    static func openAI(_ answer: UpstreamAnswer, message: String, at now: WallTime) -> [Self] {
        let milliseconds = Self(
            name: "retry-after-ms", text: answer.field("retry-after-ms"), source: .header
        ) { text, now in StatedTime.span(text + "ms", at: now) }
        let span = message.remainder(after: "try again in ").map { rest in
            String(rest.prefix { $0.isASCII && ($0.isNumber || $0.isLetter || $0 == ".") })
        }
        let words = Self(name: nil, text: span, source: .body) { text, now in
            StatedTime.span(text.hasSuffix(".") ? String(text.dropLast()) : text, at: now)
        }
        return [milliseconds, .wait("Retry-After", answer.field("retry-after"), .header)]
            + usedUp(answer, at: "x-ratelimit-reset-", now: now) { "x-ratelimit-remaining-" + $0 }
            + [.reset("X-RateLimit-Reset", answer.field("x-ratelimit-reset"), .header), words]
    }

    /// The seconds, the resets of limits that are used up, the message.
    static func anthropic(_ answer: UpstreamAnswer, message: String, at now: WallTime) -> [Self] {
        let date = message.remainder(after: "regain access on ").map { String($0.prefix(19)) }
        let words = Self(name: nil, text: date, source: .body) { text, _ in
            guard text.utf8.count == 19, text.dropFirst(10).hasPrefix(" at ") else { return nil }
            return WallTime(rfc3339: "\(text.prefix(10))T\(text.suffix(5)):00Z")
        }
        let usedUp = usedUp(answer, at: "anthropic-ratelimit-", now: now) { kind in
            kind.hasSuffix("-reset") ? "anthropic-ratelimit-\(kind.dropLast(6))-remaining" : nil
        }
        return [.wait("Retry-After", answer.field("retry-after"), .header)] + usedUp + [words]
    }

    /// Of a family of limits the latest reset, without those of which something
    /// is left.
    private static func usedUp(
        _ answer: UpstreamAnswer, at prefix: String, now: WallTime, remaining: (Substring) -> String?
    ) -> [Self] {
        let resets = answer.fields.compactMap { field -> (place: Self, time: WallTime)? in
            guard field.name.hasPrefix(prefix), let other = remaining(field.name.dropFirst(prefix.count)),
                answer.field(other).map({ $0 == "0" }) ?? true
            else { return nil }
            let place = Self.reset(field.name, field.value, .header)
            return place.read(field.value, now).map { (place, $0) }
        }
        return resets.max { $0.time < $1.time }.map { [$0.place] } ?? []
    }
}

extension JSONValue {
    /// The first member of that name, whatever its capitals.
    func caseless(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
