import HTTPTypes
import Hummingbird
import NIOCore

/// Where an answer goes: implemented by the transport, which hops to its
/// event loop. Called in the order head, body…, end.
protocol ResponseSink: Sendable {
    /// - Parameter contentLength: nil when the length is not known before the
    ///   end: chunked framing, or closing the connection for HTTP/1.0.
    func head(_ status: Int, _ fields: [(String, String)], contentLength: Int?) async throws
    /// Suspends while the other end reads slowly; throws when it is gone.
    func body(_ buffer: ByteBuffer) async throws
    /// The answer is whole.
    func end() async throws
}

/// Hummingbird's view of a sink.
struct SinkWriter: ResponseBodyWriter {
    let sink: any ResponseSink

    mutating func write(_ buffer: ByteBuffer) async throws {
        try await sink.body(buffer)
    }

    /// Trailers are not sent: no route of ours has any.
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await sink.end()
    }
}
