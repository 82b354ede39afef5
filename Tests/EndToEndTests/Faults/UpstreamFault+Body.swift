import MockUpstream
import ORKit

/// In the body of a 200: before anything of it went out, after the answer has
/// begun, and around its end.
extension UpstreamFault {
    static let held: [UpstreamFault] = [
        .retried("FIN before the first event", 502, .upstreamTruncated) { form, _ in .broken(form, .cut) },
        .retried("RST before the first event", 502, .upstreamTruncated) { form, _ in .broken(form, .reset) },
        .retried("a well-framed end before the first event", 502, .upstreamTruncated) { form, _ in
            .broken(form, .finish)
        },
        .retried("a chunk cut short before the first event", 502, .upstreamTruncated) { form, _ in
            .broken(form, .truncatedChunk)
        },
        .retried("a bad chunk size before the first event", 502, .upstreamProtocol) { form, _ in
            .broken(form, .badChunk)
        },
        .final("silence before the first event", .cut(.upstreamSlow), .failure, .idle) { form, _ in
            .broken(form, .stall)
        },
    ]

    static let begun: [UpstreamFault] = [
        .final("FIN after three events", .cut(.upstreamTruncated), .failure) { form, gate in
            .broken(form, .cut, after: gate)
        },
        .final("RST after three events", .cut(.upstreamTruncated), .failure) { form, gate in
            .broken(form, .reset, after: gate)
        },
        .final(
            "a well-framed end after three events",
            .apart(plain: .ok(1, usage: .unknown), stream: .cut(.upstreamTruncated)), .failure
        ) { form, gate in .broken(form, .finish, after: gate) },
        .final("a chunk cut short after three events", .cut(.upstreamTruncated, inBand: false), .failure) {
            form, gate in .broken(form, .truncatedChunk, after: gate)
        },
        .final("a bad chunk size after three events", .cut(.upstreamTruncated), .failure) { form, gate in
            .broken(form, .badChunk, after: gate)
        },
        .final("silence after three events", .cut(.upstreamSlow), .failure, .idle) { form, gate in
            .broken(form, .stall, after: gate)
        },
        .final("an error after three events", .passed(200, usage: .unknown), .failure) { form, _ in
            form == .stream ? .stream(chunks: 3) { $0.fault = .error(502, after: 3) } : .errorAtTheEnd
        },
    ]

    static let end: [UpstreamFault] = [
        .final(
            "FIN after the end, framing unfinished",
            .apart(plain: .cut(.upstreamTruncated, usage: .exact), stream: .ok(1)), .failure
        ) { _, _ in Act.usual.framing(.chunked).ending(.cut) },
        .final(
            "RST after the end, framing unfinished",
            .apart(plain: .cut(.upstreamTruncated, usage: .exact), stream: .ok(1)), .failure
        ) { _, _ in Act.usual.framing(.chunked).ending(.reset) },
        .final(
            "silence after the end, framing unfinished",
            .apart(plain: .cut(.upstreamSlow, usage: .exact), stream: .ok(1)), .failure, .idle
        ) { _, _ in Act.usual.framing(.chunked).ending(.stall) },
        .final(
            "ten bytes fewer than announced",
            .apart(plain: .cut(.upstreamTruncated, usage: .exact), stream: .ok(1)), .failure
        ) { _, _ in Act.usual.framing(.wrongLength(by: 10)).ending(.cut) },
        .bad(
            "ten bytes more than announced",
            one: .apart(plain: .no(502, .upstreamTruncated, 2), stream: .ok(1)),
            three: .apart(plain: .ok(2), stream: .ok(1)), .failure
        ) { _, _ in Act.usual.framing(.wrongLength(by: -10)) },
        .final("another answer behind the end", .ok(1), .nothing) { _, _ in .surplus() },
        .final("slow, but never silent", .ok(1), .nothing) { _, _ in .dripping },
    ]
}
