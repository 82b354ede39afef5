// ORKClient: the typed, synchronous client of the control API, HTTP over the Unix socket by libcurl.
// Here: calls, transfers, errors as coded values. Not here: terminals, formats, anything that is shown.
// May import ORKit, CCurl, FoundationEssentials (JSON) and Glibc (why a socket cannot be opened).

import FoundationEssentials
public import ORKit

/// Talks to one `orkd` over its control socket. Blocking on purpose: a command
/// does one thing at a time, and no threads start for it.
///
/// Every error it throws is a `CodedError`; `RequestShown` when
/// `showRequest` is set. Not for use from several threads.
public final class ControlClient {
    /// Path of the control socket.
    public let socket: String
    /// When set, every call is handed over as a `curl` line that can be
    /// pasted, and `RequestShown` is thrown in place of making it.
    public var showRequest: ((String) -> Void)?
    /// Called at most once, with the daemon's release, when it is not ours.
    public var releaseDiffers: ((String) -> Void)?
    /// Asked during transfers; true ends the call with `interrupted`.
    public var isCancelled: (() -> Bool)?
    /// Called after every call with the route and the milliseconds it took.
    public var finished: ((Route, Int64) -> Void)?

    /// What is left for all calls together; time between calls, in which a
    /// person may be thinking, does not count.
    private var left: Duration?
    private let transfer: Transfer

    /// - Parameters:
    ///   - socket: path of the control socket, at most 107 bytes.
    ///   - timeout: for all calls together; nil for none.
    public init(socket: String, timeout: Duration? = .seconds(10)) {
        self.socket = socket
        left = timeout
        transfer = Transfer(socket: socket)
    }

    /// Makes a call without a body.
    public func get<Answer: Decodable>(
        _ route: Route, id: String? = nil, query: [QueryItem] = [], as type: Answer.Type = Answer.self
    ) throws -> Answer {
        try decode(call(ControlCall(route, id: id, query: query)), as: type)
    }

    /// Makes a call with a JSON body.
    public func send<Answer: Decodable>(
        _ route: Route, _ body: some Encodable, query: [QueryItem] = [], as type: Answer.Type = Answer.self
    ) throws -> Answer {
        var json = try Self.encode(body)
        defer { json.wipe() }
        return try decode(call(ControlCall(route, query: query, body: .json(json))), as: type)
    }

    /// Makes a call whose body is a text as it stands.
    public func send<Answer: Decodable>(
        _ route: Route, text: [UInt8], query: [QueryItem] = [], as type: Answer.Type = Answer.self
    ) throws -> Answer {
        try decode(call(ControlCall(route, query: query, body: .text(text))), as: type)
    }

    /// Makes a call without a body that changes something.
    public func send<Answer: Decodable>(
        _ route: Route, query: [QueryItem] = [], as type: Answer.Type = Answer.self
    ) throws -> Answer {
        try decode(call(ControlCall(route, query: query, body: .json([]))), as: type)
    }

    /// Sends a body of any size and takes the answer as it comes.
    ///
    /// - Parameters:
    ///   - named: how a shown request names the source of the body.
    ///   - reader: fills the buffer with the next bytes and returns their
    ///     number, 0 at the end. May block; what it throws ends the call.
    ///   - each: one record of the answer, while the body is still being sent.
    public func upload<Record: Decodable>(
        _ route: Route, query: [QueryItem] = [], named name: String,
        from reader: @escaping (UnsafeMutableRawBufferPointer) throws -> Int,
        each: @escaping (Record) throws -> Void
    ) throws {
        let records = Self.splitter(each)
        let body = ControlCall.Body.upload(named: name, reader)
        _ = try call(ControlCall(route, query: query, body: body), records: records)
        try records.end()
    }

    /// Makes a call whose answer is a stream of records, perhaps without end.
    ///
    /// - Parameters:
    ///   - query: of the call.
    ///   - each: one record, as soon as it is there; what it throws ends the
    ///     call.
    public func stream<Record: Decodable>(
        _ route: Route, query: [QueryItem] = [], each: @escaping (Record) throws -> Void
    ) throws {
        let records = Self.splitter(each)
        _ = try call(ControlCall(route, query: query), records: records)
        try records.end()
    }

    private static func splitter<Record: Decodable>(_ each: @escaping (Record) throws -> Void) -> LineSplitter
    {
        LineSplitter { line in
            guard let record = try? JSONDecoder().decode(Record.self, from: Data(line)) else {
                // The status was sent long ago, so a late failure is a line of its own.
                if let stated = Answer.statedError(in: line) { throw stated }
                throw CodedError(.protocolMismatch, "the daemon's answer holds a line that cannot be read")
            }
            try each(record)
        }
    }

    private func call(_ call: ControlCall, records: LineSplitter? = nil) throws -> [UInt8] {
        if let showRequest {
            showRequest(call.curlLine(socket: socket))
            throw RequestShown()
        }
        let clock = ContinuousClock()
        let start = clock.now
        defer {
            let took = clock.now - start
            if let before = left { left = max(.milliseconds(1), before - took) }
            finished?(call.route, took.wholeMilliseconds)
        }
        let answer = try transfer.perform(call, timeout: left, isCancelled: isCancelled, records: records)
        if let release = answer.release, release != API.release {
            releaseDiffers?(release)
            releaseDiffers = nil
        }
        return try answer.successBody(socket: socket)
    }

    private static func encode(_ body: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var data = try? encoder.encode(body) else {
            throw CodedError(.internalError, "a request could not be written as JSON")
        }
        defer { data.resetBytes(in: data.startIndex..<data.endIndex) }
        return Array(data)
    }

    private func decode<Answer: Decodable>(_ bytes: [UInt8], as type: Answer.Type) throws -> Answer {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw CodedError(.protocolMismatch, "the daemon's answer does not have the form that is expected")
        }
    }
}

/// Thrown in place of a call that was only to be shown.
public struct RequestShown: Error {
    public init() {}
}

extension [UInt8] {
    /// Overwrites what may have held a secret.
    mutating func wipe() {
        for i in indices { self[i] = 0 }
    }
}

extension Duration {
    /// Held inside the range of `Int64`; parts of a millisecond are cut off.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000).partialValue
    }
}
