// The packed form of request records: many to a row (rulings 4 and 47).
//
// A version byte, the number of records, then each record: variable-length
// integers, ids as the difference to the one before, strings with their
// length, a path or model equal to the one before as one bit. What a reader
// does not understand it refuses; it never guesses.

extension RequestRecord {
    /// First byte of every row.
    static let packingVersion: UInt8 = 1

    /// Reads the body of a row.
    ///
    /// - Returns: nil for an unknown version, a value out of range, and for
    ///   too few or too many bytes.
    public static func unpack(_ bytes: UnsafeRawBufferPointer) -> [RequestRecord]? {
        var reader = PackReader(bytes: bytes)
        guard reader.byte() == packingVersion, let count = reader.unsigned(),
            let count = Int(exactly: count), count <= bytes.count
        else { return nil }
        var records: [RequestRecord] = []
        records.reserveCapacity(count)
        var previous = PackContext()
        for _ in 0..<count {
            guard let record = RequestRecord.read(from: &reader, previous: &previous) else { return nil }
            records.append(record)
        }
        return reader.isAtEnd ? records : nil
    }

    /// As above, from an array.
    public static func unpack(_ bytes: [UInt8]) -> [RequestRecord]? {
        bytes.withUnsafeBytes { unpack($0) }
    }
}

/// What the record before had: most have the same.
struct PackContext {
    var id: UInt64 = 0
    var path = ""
    var model = ""
}

/// Which optional parts follow.
private struct PackFlags: OptionSet {
    let rawValue: UInt16
    static let stream = PackFlags(rawValue: 1)
    static let samePath = PackFlags(rawValue: 2)
    static let hasModel = PackFlags(rawValue: 4)
    static let sameModel = PackFlags(rawValue: 8)
    static let hasCode = PackFlags(rawValue: 16)
    static let hasFirstByte = PackFlags(rawValue: 32)
    static let hasUsage = PackFlags(rawValue: 64)
    static let hasCost = PackFlags(rawValue: 128)
    static let hasGeneration = PackFlags(rawValue: 256)
    static let hasCandidates = PackFlags(rawValue: 512)
    static let hasQueue = PackFlags(rawValue: 1024)
    static let hasUser = PackFlags(rawValue: 2048)
    static let all = PackFlags(rawValue: 4095)
}

extension RequestRecord {
    private var packFlags: PackFlags {
        var flags: PackFlags = []
        if stream { flags.insert(.stream) }
        if model != nil { flags.insert(.hasModel) }
        if code != nil { flags.insert(.hasCode) }
        if firstByteMicroseconds != nil { flags.insert(.hasFirstByte) }
        if usage != Usage() { flags.insert(.hasUsage) }
        if usage.cost != nil { flags.insert(.hasCost) }
        if generation != nil { flags.insert(.hasGeneration) }
        // Where nothing kept a key from the request, the attempts say it all.
        if let candidates, !candidates.isPlain { flags.insert(.hasCandidates) }
        if queue != nil { flags.insert(.hasQueue) }
        if user != .house { flags.insert(.hasUser) }
        return flags
    }

    /// Without what stands before the first record.
    func pack(into writer: inout PackWriter, previous: inout PackContext) {
        var flags = packFlags
        if path == previous.path { flags.insert(.samePath) }
        if let model, model == previous.model { flags.insert(.sameModel) }
        writer.unsigned(UInt64(flags.rawValue))
        writer.signed(Int64(bitPattern: id.raw &- previous.id))
        previous.id = id.raw
        writer.signed(client.raw)
        if flags.contains(.hasUser) { writer.signed(user.raw) }
        writer.byte(method.rawValue << 3 | end.rawValue)
        writer.byte(quality.rawValue)
        writer.unsigned(UInt64(status))
        if !flags.contains(.samePath) {
            writer.string(path)
            previous.path = path
        }
        if let model, !flags.contains(.sameModel) {
            writer.string(model)
            previous.model = model
        }
        // By its word: the place of a case in the list is not stable.
        if let code { writer.string(code.rawValue) }
        writer.signed(bytesIn)
        writer.signed(bytesOut)
        if let firstByteMicroseconds { writer.signed(firstByteMicroseconds) }
        writer.signed(microseconds)
        if flags.contains(.hasUsage) {
            writer.signed(usage.prompt)
            writer.signed(usage.completion)
            writer.signed(usage.total)
            writer.signed(usage.cached)
            writer.signed(usage.cacheWrite)
            writer.signed(usage.reasoning)
        }
        if let cost = usage.cost { writer.signed(cost.pico) }
        if let generation { writer.string(generation) }
        if flags.contains(.hasCandidates), let candidates { candidates.pack(into: &writer) }
        if let queue { queue.pack(into: &writer) }
        writer.unsigned(UInt64(attempts.count))
        for place in attempts.indices { attempts[place].pack(into: &writer) }
    }

    fileprivate static func read(from reader: inout PackReader, previous: inout PackContext) -> RequestRecord?
    {
        guard let rawFlags = reader.unsigned(), let rawFlags = UInt16(exactly: rawFlags) else { return nil }
        let flags = PackFlags(rawValue: rawFlags)
        guard PackFlags.all.isSuperset(of: flags), let delta = reader.signed(), let client = reader.signed(),
            let user = flags.contains(.hasUser) ? reader.signed() : UserID.house.raw,
            let kinds = reader.byte(), let method = RequestMethod(rawValue: kinds >> 3),
            let end = RequestEnd(rawValue: kinds & 7), let quality = reader.byte().flatMap(UsageQuality.init),
            let status = reader.unsigned().flatMap(UInt16.init(exactly:))
        else { return nil }
        previous.id = previous.id &+ UInt64(bitPattern: delta)
        if !flags.contains(.samePath) {
            guard let path = reader.string() else { return nil }
            previous.path = path
        }
        var model: String?
        if flags.contains(.hasModel) {
            if !flags.contains(.sameModel) {
                guard let name = reader.string() else { return nil }
                previous.model = name
            }
            model = previous.model
        }
        var code: ErrorCode?
        if flags.contains(.hasCode) {
            guard let known = reader.string().flatMap(ErrorCode.init) else { return nil }
            code = known
        }
        guard let bytesIn = reader.signed(), let bytesOut = reader.signed() else { return nil }
        var firstByte: Int64?
        if flags.contains(.hasFirstByte) {
            guard let value = reader.signed() else { return nil }
            firstByte = value
        }
        guard let microseconds = reader.signed(), let usage = Usage(from: &reader, flags: flags) else {
            return nil
        }
        var generation: String?
        if flags.contains(.hasGeneration) {
            guard let value = reader.string() else { return nil }
            generation = value
        }
        var candidates: Census?
        if flags.contains(.hasCandidates) {
            guard let census = Census(from: &reader) else { return nil }
            candidates = census
        }
        var queue: QueueRecord?
        if flags.contains(.hasQueue) {
            guard let stay = QueueRecord(from: &reader) else { return nil }
            queue = stay
        }
        guard let count = reader.unsigned(), count <= UInt64(reader.remaining) else { return nil }
        var attempts: [AttemptRecord] = []
        for _ in 0..<count {
            guard let attempt = AttemptRecord(from: &reader) else { return nil }
            attempts.append(attempt)
        }
        return RequestRecord(
            id: RequestID(raw: previous.id), client: ClientID(client), user: UserID(user), method: method,
            path: previous.path, model: model, stream: flags.contains(.stream), status: status, code: code,
            end: end, candidates: candidates, queue: queue, attempts: attempts,
            bytesIn: bytesIn, bytesOut: bytesOut, firstByteMicroseconds: firstByte,
            microseconds: microseconds,
            usage: usage, quality: quality, generation: generation)
    }
}

extension Usage {
    fileprivate init?(from reader: inout PackReader, flags: PackFlags) {
        self.init()
        if flags.contains(.hasUsage) {
            guard let prompt = reader.signed(), let completion = reader.signed(), let total = reader.signed(),
                let cached = reader.signed(), let cacheWrite = reader.signed(),
                let reasoning = reader.signed()
            else { return nil }
            self.prompt = prompt
            self.completion = completion
            self.total = total
            self.cached = cached
            self.cacheWrite = cacheWrite
            self.reasoning = reasoning
        }
        if flags.contains(.hasCost) {
            guard let pico = reader.signed() else { return nil }
            cost = Money(pico: pico)
        }
    }
}
