import NIOCore
import NIOEmbedded
import NIOHTTP1

/// Reads streams with llhttp, as SwiftNIO has it.
public enum LLHTTPReading {
    public static func requests(_ stream: [UInt8]) -> Reading {
        read(stream, ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))) {
            (part: HTTPServerRequestPart) in
            switch part {
            case .head(let head):
                .head("\(head.method) \(head.uri) \(head.version.minor)", head.headers, false)
            case .body(let buffer): .body(buffer)
            case .end: .end
            }
        }
    }

    /// The bytes are followed by the end of the connection.
    public static func responses(_ stream: [UInt8], answering method: String) -> Reading {
        let decoder = ByteToMessageHandler(
            HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward))
        return read(stream, decoder, asking: HTTPMethod(rawValue: method)) { (part: HTTPClientResponsePart) in
            switch part {
            case .head(let head):
                .head(
                    "\(head.status.code) \(head.version.minor)", head.headers,
                    (100..<200).contains(head.status.code))
            case .body(let buffer): .body(buffer)
            case .end: .end
            }
        }
    }

    private enum Part {
        /// With whether the message is over with its head.
        case head(String, HTTPHeaders, Bool)
        case body(ByteBuffer)
        case end
    }

    private static func read<Inbound>(
        _ stream: [UInt8], _ decoder: some ChannelHandler, asking method: HTTPMethod? = nil,
        _ part: (Inbound) -> Part
    ) -> Reading {
        var reading = Reading()
        let channel = EmbeddedChannel()
        do {
            try channel.pipeline.syncOperations.addHandler(decoder)
            // Nobody listens at an embedded channel: an address is all it takes to be active.
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "/")).wait()
            if let method {
                let head = HTTPRequestHead(version: .http1_1, method: method, uri: "/")
                // The decoder takes what passes towards the peer as the question.
                try channel.writeOutbound(HTTPClientRequestPart.head(head))
            }
            try channel.writeInbound(ByteBuffer(bytes: stream))
        } catch {
            reading.end = .refused
        }
        // What came before the fault was read all the same.
        drain(channel, part, into: &reading)
        if method != nil, reading.end != .refused {
            channel.pipeline.fireChannelInactive()
            drain(channel, part, into: &reading)
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        return reading
    }

    private static func drain<Inbound>(
        _ channel: EmbeddedChannel, _ part: (Inbound) -> Part, into reading: inout Reading
    ) {
        while let next = try? channel.readInbound(as: Inbound.self) {
            switch part(next) {
            case .head(let start, let headers, let isOver):
                let fields = headers.map { Array("\($0.name.lowercased()): \($0.value.trimmed)".utf8) }
                reading.messages.append(
                    ReadMessage(start: Array(start.utf8), fields: fields, isComplete: isOver))
            case .body(let buffer):
                reading.messages[reading.messages.count - 1].body += buffer.readableBytesView
            case .end:
                if !reading.messages.isEmpty {
                    reading.messages[reading.messages.count - 1].isComplete = true
                }
            }
        }
    }
}
