/// Writes the head that goes on: anew, from parsed fields, so that nothing
/// the parser did not understand can reach the other side. Field names and
/// values are copied as they came.
///
/// Every function returns how many bytes it wrote, or 0 when `out` was
/// smaller than the bound it has asked for.
package enum HeadWriter {
    /// Everything of fixed size: the field lines that we add, the request
    /// identifier, a host of up to 300 bytes, attribution.
    private static let fixed = 512 + 300 + 2 * (Attribution.longestValue + 32)

    /// Bytes that `writeRequest` may need.
    ///
    /// - Parameters:
    ///   - source: length of the received head.
    ///   - path: length of the upstream path, with what is before it.
    ///   - secret: length of the key.
    package static func requestBound(source: Int, path: Int, secret: Int) -> Int {
        // The shortest line, `a:` and CRLF, grows from 4 bytes to 5.
        source + source / 4 + path + secret + fixed
    }

    /// Writes the head of the request to the upstream.
    ///
    /// - Parameters:
    ///   - source: the received head, to which the spans of `head` belong.
    ///   - base: what the base URL puts before the path; empty as a rule.
    ///   - path: canonical upstream path.
    ///   - query: as the caller sent it, without `?`.
    ///   - host: of the upstream, with the port where it is not the default.
    ///   - framing: of the body as it will be sent; `untilClose` is treated
    ///     as `chunked`, because a request cannot end by closing.
    package static func writeRequest(
        _ head: borrowing RequestHead, source: UnsafeRawBufferPointer,
        base prefix: [UInt8] = [], path: [UInt8], query: UnsafeRawBufferPointer?, host: [UInt8],
        secret: Secret, framing: BodyFraming,
        attribution: Attribution, into out: UnsafeMutableRawBufferPointer
    ) -> Int {
        guard let base = source.baseAddress else { return 0 }
        var writer = ByteWriter(out)
        put(head.method, to: &writer)
        writer.put(prefix)
        writer.put(path)
        if let query {
            writer.put("?")
            writer.put(query)
        }
        writer.put(" HTTP/1.1\r\nHost: ")
        writer.put(host)
        writer.put("\r\nAuthorization: Bearer ")
        secret.withBytes { writer.put($0) }
        writer.put("\r\nAccept-Encoding: identity\r\n")
        for field in head.fields where FieldKind.forwardedUpstream(field.kind) {
            if !head.connectionNamed.isEmpty, isNamed(field, by: head.connectionNamed, in: source) {
                continue
            }
            writer.put(field, of: base, count: source.count)
        }
        if !attribution.referer.isEmpty, !head.has(.httpReferer) { writer.put(attribution.referer) }
        if !attribution.title.isEmpty, !head.has(.xTitle), !head.has(.xOpenRouterTitle) {
            writer.put(attribution.title)
        }
        switch framing {
        case .length(let length): writer.put(field: "Content-Length", length)
        case .chunked, .untilClose: writer.put("Transfer-Encoding: chunked\r\n")
        case .none:
            // Methods that expect a body get told that there is none (RFC 9110, 8.6).
            if head.method == .post || head.method == .put || head.method == .patch {
                writer.put(field: "Content-Length", 0)
            }
        }
        writer.put("\r\n")
        return writer.length
    }

    /// Bytes that `writeResponse` may need.
    ///
    /// - Parameters:
    ///   - source: length of the received head.
    ///   - ours: the most that the lines of ours take.
    package static func responseBound(source: Int, ours: Int) -> Int {
        source + source / 4 + ours + fixed
    }

    /// Writes the head of the answer to the caller, always as HTTP/1.1.
    ///
    /// - Parameters:
    ///   - source: the received head, to which the spans of `head` belong.
    ///   - framing: of the body as it will be sent to the caller. `none`
    ///     only where no body can follow (HEAD, 204, 304); the upstream's
    ///     `Content-Length` is then passed on for HEAD and 304.
    ///   - minorVersion: of the caller's request.
    ///   - keepAlive: whether the caller's connection lives on; never with
    ///     `untilClose`.
    ///   - ours: writes whole field lines of ours, each with its CRLF: straight
    ///     to where they leave from, because every answer has some.
    package static func writeResponse(
        _ head: borrowing ResponseHead, source: UnsafeRawBufferPointer, framing: BodyFraming,
        minorVersion: UInt8,
        requestID: RequestID, keepAlive: Bool, into out: UnsafeMutableRawBufferPointer,
        ours: (inout ByteWriter) -> Void = { _ in }
    ) -> Int {
        guard let base = source.baseAddress else { return 0 }
        var writer = ByteWriter(out)
        let isStream = head.format == .sse
        writer.put("HTTP/1.1 ")
        writer.put(decimal: Int64(head.status))
        writer.put(" ")
        writer.put(ReasonPhrase.of(head.status))
        writer.put("\r\n")
        for field in head.fields where FieldKind.forwardedDownstream(field.kind) {
            if isStream, field.kind == .cacheControl || field.kind == .xAccelBuffering { continue }
            if !head.connectionNamed.isEmpty, isNamed(field, by: head.connectionNamed, in: source) {
                continue
            }
            writer.put(field, of: base, count: source.count)
        }
        if isStream { writer.put("Cache-Control: no-cache, no-transform\r\nX-Accel-Buffering: no\r\n") }
        switch framing {
        case .length(let length): writer.put(field: "Content-Length", length)
        case .chunked: writer.put("Transfer-Encoding: chunked\r\n")
        case .untilClose: break
        case .none:
            if head.status >= 200, head.status != 204, let length = head.statedLength {
                writer.put(field: "Content-Length", length)
            }
        }
        writer.put("Ork-Request: ")
        writer.put(requestID)
        writer.put("\r\n")
        ours(&writer)
        let staysOpen = keepAlive && !framing.endsByClosing
        writer.put(HeadEnd.lines(keepAlive: staysOpen, minorVersion: minorVersion))
        return writer.length
    }

    @inline(__always)
    private static func put(_ method: RequestMethod, to writer: inout ByteWriter) {
        switch method {
        case .get: writer.put("GET ")
        case .head: writer.put("HEAD ")
        case .post: writer.put("POST ")
        case .put: writer.put("PUT ")
        case .patch: writer.put("PATCH ")
        case .delete: writer.put("DELETE ")
        case .options: writer.put("OPTIONS ")
        }
    }

    /// Whether the sender's `Connection` names this field.
    private static func isNamed(_ field: Field, by names: [Span], in source: UnsafeRawBufferPointer) -> Bool {
        let mine = source.part(field.name)
        return names.contains { name in
            let other = source.part(name)
            return other.count == mine.count
                && zip(other, mine).allSatisfy { ASCII.folded($0) == ASCII.folded($1) }
        }
    }
}
