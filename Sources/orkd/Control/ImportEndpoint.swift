import HTTPTypes
import Hummingbird
import NIOCore
import ORKit

/// `POST /v1/keys/import`: a file of any size in, JSON lines out while it is
/// still being read. Nothing of the file is held but the batch in work.
struct ImportEndpoint: Sendable {
    let service: any KeysServing
    let clock: @Sendable () -> Now

    /// Nanoseconds between two progress records.
    private static let interval: Int64 = 100_000_000

    func answer(_ call: ControlCall) async throws -> Response {
        let query = try call.query([
            "format", "provider", "account", "pool", "tags", "prefix", "reactivate", "check", "restore",
            "dry_run",
        ])
        let session = try await service.beginImport(try options(query), try call.order(query))
        let body = call.request.body
        let context = call.context
        return Response(
            status: .ok, headers: [.contentType: "application/jsonl", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                do {
                    try await run(session, reading: body, writing: &writer)
                } catch {
                    await session.abandon()
                    // The status has been sent: the error is the last line,
                    // and the answer is cut short so that it cannot be
                    // taken for a whole one.
                    try await writer.write(Self.line(CodedError(from: error, in: context).body))
                    throw error
                }
                try await writer.finish(nil)
            })
    }

    private func run(
        _ session: any ImportSession, reading body: some AsyncSequence<ByteBuffer, any Error>,
        writing writer: inout any ResponseBodyWriter
    ) async throws {
        var lastProgress = clock().monotonic
        for try await part in body {
            for rejection in try await session.take(part) {
                try await writer.write(Self.line(ImportRecord.rejected(rejection)))
            }
            let now = clock().monotonic
            if now - lastProgress >= Self.interval {
                lastProgress = now
                try await writer.write(Self.line(ImportRecord.progress(session.counts)))
            }
        }
        let (rejections, report) = try await session.finish()
        for rejection in rejections { try await writer.write(Self.line(ImportRecord.rejected(rejection))) }
        try await writer.write(Self.line(ImportRecord.report(report)))
    }

    private func options(_ query: QueryFields) throws -> ImportOptions {
        let formats = try query.word("format", as: ImportOptions.Format.self)
        guard formats.count < 2 else {
            throw CodedError(.badValue, "query parameter “format” was given twice")
        }
        return ImportOptions(
            format: formats.first, provider: try query.one("provider"), account: try query.one("account"),
            pool: try query.one("pool"), tags: try query.pairList("tags"), prefix: try query.one("prefix"),
            reactivate: try query.flag("reactivate"), check: try query.flag("check"),
            restore: try query.flag("restore"))
    }

    private static func line(_ value: some Encodable) throws -> ByteBuffer {
        var line = try JSONAnswer.encode(value)
        line.writeInteger(UInt8(ascii: "\n"))
        return line
    }
}
