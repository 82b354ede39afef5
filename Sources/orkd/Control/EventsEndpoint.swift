import HTTPTypes
import Hummingbird
import NIOCore
import ORKit

/// `GET /v1/events`: JSON lines, oldest first. With `follow=true` the answer
/// has no end; a caller that reads slowly slows down nobody but itself.
struct EventsEndpoint: Sendable {
    let service: any EventsServing

    func answer(_ call: ControlCall) async throws -> Response {
        let query = try call.query(["after", "since", "until", "last", "follow"])
        let follow = try query.flag("follow")
        let reading = try await service.read(
            EventQuery(
                after: try query.one("after"), since: try query.time("since"), until: try query.time("until"),
                last: try query.count("last"), follow: follow))
        let context = call.context
        return Response(
            status: .ok, headers: [.contentType: "application/jsonl", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                do {
                    // An empty line brings the head to whoever follows, so
                    // that it knows that it is heard.
                    if follow { try await writer.write(ByteBuffer(string: "\n")) }
                    while let records = try await reading.next() {
                        var lines = ByteBuffer()
                        for record in records {
                            var line = try JSONAnswer.encode(record)
                            lines.writeBuffer(&line)
                            lines.writeInteger(UInt8(ascii: "\n"))
                        }
                        try await writer.write(lines)
                    }
                } catch let error as CodedError {
                    // The status has been sent: the error is the last line,
                    // and the answer is cut short.
                    var line = try JSONAnswer.encode(CodedError(from: error, in: context).body)
                    line.writeInteger(UInt8(ascii: "\n"))
                    try await writer.write(line)
                    throw error
                }
                try await writer.finish(nil)
            })
    }
}
