// The packed form of postings: those of one commit in one row (ruling 4).
//
// A version byte, the number of lines, then each line: its kind, then its
// numbers with variable length; ids as the difference to the line before, a
// model equal to the one before as one bit. What a reader does not understand
// it refuses; it never guesses.

extension Posting {
    /// First byte of everything that `pack` writes.
    static let packingVersion: UInt8 = 1

    /// The packed form of these lines, in their order.
    public static func pack(_ postings: [Posting]) -> [UInt8] {
        // What a settlement takes, most often.
        var writer = PackWriter(capacity: 16 + postings.count * 72)
        writer.byte(packingVersion)
        writer.unsigned(UInt64(postings.count))
        var context = LineContext()
        for posting in postings { posting.pack(into: &writer, &context) }
        return writer.bytes
    }

    /// Reads what one call of `pack` wrote.
    ///
    /// - Returns: nil for an unknown version, a value out of range, and for
    ///   too few or too many bytes.
    public static func unpack(_ bytes: UnsafeRawBufferPointer) -> [Posting]? {
        var reader = PackReader(bytes: bytes)
        // The shortest line has three bytes.
        guard reader.byte() == packingVersion, let count = reader.unsigned().flatMap(Int.init(exactly:)),
            count <= bytes.count
        else { return nil }
        var postings: [Posting] = []
        postings.reserveCapacity(count)
        var context = LineContext()
        for _ in 0..<count {
            guard let posting = Posting(from: &reader, &context) else { return nil }
            postings.append(posting)
        }
        return reader.isAtEnd ? postings : nil
    }

    /// As above, from an array.
    public static func unpack(_ bytes: [UInt8]) -> [Posting]? { bytes.withUnsafeBytes { unpack($0) } }

    fileprivate func pack(into writer: inout PackWriter, _ context: inout LineContext) {
        switch self {
        case .move(let movement):
            writer.byte(Kind.move.rawValue)
            writer.byte(movement.reason.rawValue)
            writer.signed(movement.user.raw)
            writer.signed(movement.credits)
        case .reserve(let reservation):
            writer.byte(Kind.reserve.rawValue)
            context.write(reservation.request, into: &writer)
            writer.signed(reservation.user.raw)
            writer.signed(reservation.client.raw)
            writer.signed(reservation.credits)
        case .grow(let request, let user, let credits):
            writer.byte(Kind.grow.rawValue)
            context.write(request, into: &writer)
            writer.signed(user.raw)
            writer.signed(credits)
        case .sent(let request, let key, let generation):
            writer.byte(Kind.sent.rawValue)
            context.write(request, into: &writer)
            writer.signed(key.raw)
            writer.string(generation ?? "")
        case .settle(let end):
            writer.byte(end.isWhole ? Kind.whole.rawValue : Kind.settle.rawValue)
            context.write(end.request, into: &writer)
            writer.signed(end.user.raw)
            writer.signed(end.client.raw)
            context.write(key: end.key, model: end.model, into: &writer)
            writer.byte(end.quality.rawValue << 3 | end.end.rawValue)
            end.usage.pack(into: &writer)
            writer.signed(end.held)
            writer.signed(end.charged)
            writer.string(end.generation ?? "")
        case .correct(let correction):
            writer.byte(Kind.correct.rawValue)
            context.write(correction.request, into: &writer)
            writer.signed(correction.user.raw)
            writer.signed(correction.client.raw)
            context.write(key: correction.key, model: correction.model, into: &writer)
            writer.byte(correction.was.rawValue << 3 | correction.quality.rawValue)
            correction.usage.pack(into: &writer)
            writer.signed(correction.charged)
        }
    }

    fileprivate init?(from reader: inout PackReader, _ context: inout LineContext) {
        guard let kind = reader.byte().flatMap(Kind.init) else { return nil }
        switch kind {
        case .move:
            guard let reason = reader.byte().flatMap(Movement.Reason.init), let user = reader.signed(),
                let credits = reader.signed()
            else { return nil }
            self = .move(Movement(user: UserID(user), credits: credits, reason: reason))
        case .reserve:
            guard let request = context.request(from: &reader), let user = reader.signed(),
                let client = reader.signed(), let credits = reader.signed()
            else { return nil }
            self = .reserve(
                Reservation(
                    request: request, user: UserID(user), client: ClientID(client), credits: credits))
        case .grow:
            guard let request = context.request(from: &reader), let user = reader.signed(),
                let credits = reader.signed()
            else { return nil }
            self = .grow(request, UserID(user), credits: credits)
        case .sent:
            guard let request = context.request(from: &reader), let key = reader.signed(),
                let generation = reader.string()
            else { return nil }
            self = .sent(request, KeyID(key), generation: generation.isEmpty ? nil : generation)
        case .settle, .whole:
            guard let end = Settlement(from: &reader, &context, isWhole: kind == .whole) else { return nil }
            self = .settle(end)
        case .correct:
            guard let correction = Correction(from: &reader, &context) else { return nil }
            self = .correct(correction)
        }
    }

    /// As they are written; never another meaning for a number.
    private enum Kind: UInt8 {
        case move = 0
        case reserve = 1
        case grow = 2
        case sent = 3
        case settle = 4
        /// A settlement with its reservation.
        case whole = 5
        case correct = 6
    }
}

/// What the line before had.
private struct LineContext {
    private var request: UInt64 = 0
    private var model = ""

    mutating func write(_ id: RequestID, into writer: inout PackWriter) {
        writer.signed(Int64(bitPattern: id.raw &- request))
        request = id.raw
    }

    mutating func request(from reader: inout PackReader) -> RequestID? {
        guard let difference = reader.signed() else { return nil }
        request = request &+ UInt64(bitPattern: difference)
        return RequestID(raw: request)
    }

    mutating func write(key: KeyID?, model: String?, into writer: inout PackWriter) {
        let form: UInt8 = model == nil ? 0 : model == self.model ? 1 : 2
        writer.byte(form << 1 | (key == nil ? 0 : 1))
        if let key { writer.signed(key.raw) }
        if form == 2, let model {
            writer.string(model)
            self.model = model
        }
    }

    mutating func target(from reader: inout PackReader) -> (key: KeyID?, model: String?)? {
        guard let form = reader.byte(), form < 6 else { return nil }
        var key: KeyID?
        if form & 1 == 1 {
            guard let raw = reader.signed() else { return nil }
            key = KeyID(raw)
        }
        if form >> 1 == 2 {
            guard let name = reader.string() else { return nil }
            model = name
        }
        return (key, form >> 1 == 0 ? nil : model)
    }
}

extension Settlement {
    fileprivate init?(from reader: inout PackReader, _ context: inout LineContext, isWhole: Bool) {
        guard let request = context.request(from: &reader), let user = reader.signed(),
            let client = reader.signed(), let target = context.target(from: &reader),
            let kinds = reader.byte(), let quality = UsageQuality(rawValue: kinds >> 3),
            let end = RequestEnd(rawValue: kinds & 7), let usage = Usage(from: &reader),
            let held = reader.signed(), let charged = reader.signed(), let generation = reader.string()
        else { return nil }
        self.init(
            request: request, user: UserID(user), client: ClientID(client), key: target.key,
            model: target.model, end: end, usage: usage, quality: quality, held: held, charged: charged,
            isWhole: isWhole, generation: generation.isEmpty ? nil : generation)
    }
}

extension Correction {
    fileprivate init?(from reader: inout PackReader, _ context: inout LineContext) {
        guard let request = context.request(from: &reader), let user = reader.signed(),
            let client = reader.signed(), let target = context.target(from: &reader),
            let qualities = reader.byte(), let was = UsageQuality(rawValue: qualities >> 3),
            let quality = UsageQuality(rawValue: qualities & 7), let usage = Usage(from: &reader),
            let charged = reader.signed()
        else { return nil }
        self.init(
            request: request, user: UserID(user), client: ClientID(client), key: target.key,
            model: target.model, usage: usage, was: was, quality: quality, charged: charged)
    }
}

/// Which numbers of a usage follow: most answers state three or four.
private struct StatedParts: OptionSet {
    let rawValue: UInt8
    static let prompt = StatedParts(rawValue: 1)
    static let completion = StatedParts(rawValue: 2)
    static let total = StatedParts(rawValue: 4)
    static let cached = StatedParts(rawValue: 8)
    static let cacheWrite = StatedParts(rawValue: 16)
    static let reasoning = StatedParts(rawValue: 32)
    static let cost = StatedParts(rawValue: 64)
    static let all = StatedParts(rawValue: 127)
}

extension Usage {
    private var stated: StatedParts {
        var parts: StatedParts = []
        if prompt != 0 { parts.insert(.prompt) }
        if completion != 0 { parts.insert(.completion) }
        if total != 0 { parts.insert(.total) }
        if cached != 0 { parts.insert(.cached) }
        if cacheWrite != 0 { parts.insert(.cacheWrite) }
        if reasoning != 0 { parts.insert(.reasoning) }
        if cost != nil { parts.insert(.cost) }
        return parts
    }

    fileprivate func pack(into writer: inout PackWriter) {
        let stated = stated
        writer.byte(stated.rawValue)
        if stated.contains(.prompt) { writer.signed(prompt) }
        if stated.contains(.completion) { writer.signed(completion) }
        if stated.contains(.total) { writer.signed(total) }
        if stated.contains(.cached) { writer.signed(cached) }
        if stated.contains(.cacheWrite) { writer.signed(cacheWrite) }
        if stated.contains(.reasoning) { writer.signed(reasoning) }
        if let cost { writer.signed(cost.pico) }
    }

    fileprivate init?(from reader: inout PackReader) {
        self.init()
        guard let byte = reader.byte() else { return nil }
        let stated = StatedParts(rawValue: byte)
        guard StatedParts.all.isSuperset(of: stated) else { return nil }
        /// Zero where the number does not follow.
        func number(_ part: StatedParts) -> Int64? { stated.contains(part) ? reader.signed() : 0 }
        guard let prompt = number(.prompt), let completion = number(.completion),
            let total = number(.total), let cached = number(.cached),
            let cacheWrite = number(.cacheWrite), let reasoning = number(.reasoning),
            let pico = number(.cost)
        else { return nil }
        self.prompt = prompt
        self.completion = completion
        self.total = total
        self.cached = cached
        self.cacheWrite = cacheWrite
        self.reasoning = reasoning
        cost = stated.contains(.cost) ? Money(pico: pico) : nil
    }
}
