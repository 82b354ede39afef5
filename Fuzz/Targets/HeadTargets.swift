@testable import ORKit

/// Reads a request head, whole and in two pieces, and writes what was read
/// anew: nothing that ends a line may come through.
enum RequestHeadTarget: FuzzTarget {
    static let name = "request-head"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        var whole = HeadParser()
        var split = HeadParser()
        let result = whole.parse(bytes)
        if case .incomplete = split.parse(Fuzz.halves(bytes)[0]) {
            Fuzz.require(same(split.parse(bytes), result), "pieces tell the same as the whole")
        }
        guard case .complete(let length) = result else { return }
        Fuzz.require(length <= bytes.count, "a head is no longer than what was given")
        readNext(UnsafeRawBufferPointer(rebasing: bytes[length...]), after: &split, bytes)
        let source = UnsafeRawBufferPointer(rebasing: bytes[..<length])
        let (path, host) = (Array("/v1/x".utf8), Array("a".utf8))
        let bound = HeadWriter.requestBound(source: length, path: path.count, secret: 8)
        withUnsafeTemporaryAllocation(byteCount: bound, alignment: 1) { out in
            let written = HeadWriter.writeRequest(
                whole.head, source: source, path: path, query: whole.head.query.map { source.part($0) },
                host: host, secret: Secret(Array("sk-12345".utf8)), framing: whole.head.framing,
                attribution: .none, into: out)
            Fuzz.require(written > 0, "the bound is enough")
            check(UnsafeRawBufferPointer(rebasing: out[..<written]), fields: whole.head.fields.count + 4)
        }
    }

    /// Reads what follows, as the next message of that connection: it says
    /// what it would say as the first.
    private static func readNext(
        _ rest: UnsafeRawBufferPointer, after parser: inout HeadParser, _ bytes: UnsafeRawBufferPointer
    ) {
        parser.reset()
        _ = parser.parse(bytes)
        parser.reset()
        var fresh = HeadParser()
        let result = fresh.parse(rest)
        Fuzz.require(same(parser.parse(rest), result), "a head does not depend on the one before")
        guard case .complete = result else { return }
        Fuzz.require(parser.head == fresh.head, "a head says the same whatever came before")
    }

    private static func same(_ a: HeadProgress, _ b: HeadProgress) -> Bool {
        switch (a, b) {
        case (.incomplete, .incomplete): true
        case (.complete(let x), .complete(let y)): x == y
        case (.refused(let x), .refused(let y)): x == y
        default: false
        }
    }

    /// What is written is read again as one head, to its last byte.
    private static func check(_ written: UnsafeRawBufferPointer, fields: Int) {
        var parser = HeadParser(limits: HeadLimits(line: 1 << 20, block: 1 << 20, fields: 1000))
        guard case .complete(let length) = parser.parse(written) else {
            return Fuzz.require(false, "what we write we read")
        }
        Fuzz.require(length == written.count, "what we write is one head")
        Fuzz.require(parser.head.fields.count <= fields, "no field comes from nowhere")
    }
}

/// As `RequestHeadTarget`, for what an upstream sends.
enum ResponseHeadTarget: FuzzTarget {
    static let name = "response-head"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        for method in [RequestMethod.get, .head] {
            var whole = ResponseHeadParser()
            var split = ResponseHeadParser()
            let result = whole.parse(bytes, answering: method)
            if case .incomplete = split.parse(Fuzz.halves(bytes)[0], answering: method) {
                Fuzz.require(
                    same(split.parse(bytes, answering: method), result),
                    "pieces tell the same as the whole")
            }
            guard case .complete(let length) = result else { continue }
            readNext(UnsafeRawBufferPointer(rebasing: bytes[length...]), after: &split, bytes, method)
            write(whole.head, UnsafeRawBufferPointer(rebasing: bytes[..<length]))
        }
    }

    private static func readNext(
        _ rest: UnsafeRawBufferPointer, after parser: inout ResponseHeadParser,
        _ bytes: UnsafeRawBufferPointer, _ method: RequestMethod
    ) {
        parser.reset()
        _ = parser.parse(bytes, answering: method)
        parser.reset()
        var fresh = ResponseHeadParser()
        let result = fresh.parse(rest, answering: method)
        Fuzz.require(
            same(parser.parse(rest, answering: method), result), "a head does not depend on the one before")
        guard case .complete = result else { return }
        Fuzz.require(parser.head == fresh.head, "a head says the same whatever came before")
    }

    private static func same(_ a: ResponseProgress, _ b: ResponseProgress) -> Bool {
        switch (a, b) {
        case (.incomplete, .incomplete): true
        case (.complete(let x), .complete(let y)), (.informational(let x), .informational(let y)): x == y
        case (.refused(let x), .refused(let y)): x == y
        default: false
        }
    }

    private static func write(_ head: ResponseHead, _ source: UnsafeRawBufferPointer) {
        let bound = HeadWriter.responseBound(source: source.count, ours: 0)
        withUnsafeTemporaryAllocation(byteCount: bound, alignment: 1) { out in
            let written = HeadWriter.writeResponse(
                head, source: source, framing: head.framing, minorVersion: 1, requestID: RequestID(raw: 7),
                keepAlive: true, into: out)
            Fuzz.require(written > 0, "the bound is enough")
            var parser = ResponseHeadParser(limits: HeadLimits(line: 1 << 20, block: 1 << 20, fields: 1000))
            guard
                case .complete(let length) = parser.parse(
                    UnsafeRawBufferPointer(rebasing: out[..<written]), answering: .get)
            else { return Fuzz.require(false, "what we write we read") }
            Fuzz.require(length == written, "what we write is one head")
        }
    }
}
