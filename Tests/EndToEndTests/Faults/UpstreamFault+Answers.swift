import MockUpstream
import ORKit

/// Whole answers that are no good ones: under a 200, and under other statuses.
extension UpstreamFault {
    static let success: [UpstreamFault] = [
        .retried("200 without a body", 502, .upstreamTruncated) { form, _ in .empty(form) },
        .final("204 with a body", .ok(1, 204, usage: .unknown), .nothing) { _, _ in
            .raw([.send("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello"), .stall])
        },
        .retried("200 with an HTML page", 502, .upstreamError) { _, _ in .html(200) },
        .bad(
            "200 under the other form's type",
            one: .apart(plain: .no(502, .upstreamTruncated, 2), stream: .ok(1, usage: .unknown)),
            three: .apart(plain: .ok(2), stream: .ok(1, usage: .unknown)), .failure
        ) { form, _ in .mislabelled(form) },
        .final("200 packed with gzip, unasked", .ok(1, usage: .unknown), .nothing) { _, _ in
            Act.usual.header("Content-Encoding", "gzip")
        },
        .retried("200 with an error in it", 502, .upstreamError) { form, _ in
            form == .plain ? .okWithError(502) : .stream { $0.fault = .errorFirst(502) }
        },
        .retried("200 whose only choice failed", 502, .upstreamError) { form, _ in
            form == .plain ? .okWithChoiceError(502) : .stream { $0.fault = .error(502, after: 0) }
        },
        .rotated("200 with a 429 in it", 429, .allKeysResting, again: 60, .rests(.model(seconds: 60))) {
            form, _ in .inBand(form, 429, "slow down")
        },
        .rotated("200 with a 401 in it", 503, .keyRejected, .state(.suspect)) { form, _ in
            .inBand(form, 401, "User not found.")
        },
        .final("200 with a 400 in it", .passed(200), .nothing) { form, _ in
            .inBand(form, 400, "the context is too long")
        },
    ]

    static let redirects: [UpstreamFault] = [301, 302, 303, 307, 308].map { status in
        .final("\(status)", .no(502, .upstreamRedirect, 1), .failure) { _, _ in
            .redirect(to: "/api/v1/elsewhere", status: status)
        }
    }

    static let callersFault: [UpstreamFault] =
        [400, 404, 409, 413, 422].map { status in
            .final("\(status)", .passed(status), .nothing) { _, _ in .status(status) }
        } + [.final("403 of a moderation", .passed(403), .nothing) { _, _ in .refuse(.moderation) }]

    static let server: [UpstreamFault] = [
        .retried("408", 504, .upstreamSlow) { _, _ in .status(408) },
        .retried("500", 502, .upstreamError) { _, _ in .status(500) },
        .retried("502 of the provider", 502, .upstreamError) { _, _ in .refuse(.providerDown(502)) },
        .retried("503", 503, .upstreamError) { _, _ in .status(503) },
        .retried("503, again in 2 s", 503, .upstreamError, again: 2, .stated) { _, _ in
            .retryAfter("2", status: 503)
        },
        .retried("504", 504, .upstreamSlow) { _, _ in .status(504) },
        .retried("520 with the edge's page", 502, .upstreamError) { _, _ in .html(520) },
        .retried("524", 502, .upstreamError) { _, _ in .status(524) },
        .retried("529 of the provider", 503, .upstreamError) { _, _ in .refuse(.providerDown(529)) },
        .final("403 with the edge's page", .no(502, .upstreamError, 1, usage: UsageQuality.none), .failure) {
            _, _ in .html(403)
        },
        UpstreamFault(
            name: "500 once, then well", play: .list { _ in [.status(500)] }, one: .ok(2), three: .ok(2),
            mark: .failure),
    ]
}
