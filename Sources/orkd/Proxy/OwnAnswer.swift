import NIOCore
import ORKit

/// An answer that we give ourselves on the data port: a refusal, or the
/// answer to a preflight.
struct OwnAnswer {
    var status: Int
    var fields: [(String, String)]
    var body: [UInt8]
    var id: RequestID
    /// Of a refusal.
    var code: ErrorCode?

    init(status: Int, fields: [(String, String)], body: [UInt8], id: RequestID) {
        self.status = status
        self.fields = fields
        self.body = body
        self.id = id
    }

    /// A coded error in the shape that the caller's SDK reads.
    init(_ error: ErrorAnswer, id: RequestID) {
        self.init(status: error.status, fields: error.fields, body: error.body, id: id)
        code = error.code
    }

    /// - Parameters:
    ///   - minorVersion: of the request.
    ///   - head: the request was a HEAD: everything but the body.
    ///   - crossOrigin: what a browser is told about the page that asked.
    func bytes(
        on loop: LoopContext, keepAlive: Bool, minorVersion: UInt8, head: Bool, crossOrigin: [UInt8]
    ) -> ByteBuffer {
        var out = ByteBufferAllocator().buffer(capacity: 512 + body.count)
        out.writeString("HTTP/1.1 \(status) \(ReasonPhrase.of(UInt16(clamping: status)))\r\n")
        for (name, value) in fields { out.writeString("\(name): \(value)\r\n") }
        out.writeBytes(loop.gateway.settings.securityHeaders)
        out.writeBytes(crossOrigin)
        out.writeBytes(loop.dateLine)
        out.writeString("Ork-Request: \(id)\r\n")
        if status != 204 { out.writeString("Content-Length: \(body.count)\r\n") }
        out.writeStaticString(HeadEnd.lines(keepAlive: keepAlive, minorVersion: minorVersion))
        if !head { out.writeBytes(body) }
        return out
    }
}
