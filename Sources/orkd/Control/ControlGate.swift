import HTTPTypes
import Hummingbird
import ORKit

/// Stands before every control route: keeps browsers out and checks that both
/// sides speak the same API. The role is checked where the route is known,
/// in `ControlRouter`.
struct ControlGate: RouterMiddleware {
    typealias Context = ApplicationContext

    func handle(
        _ request: Request, context: ApplicationContext,
        next: (Request, ApplicationContext) async throws -> Response
    ) async throws -> Response {
        try refuseBrowsers(request)
        try checkVersion(request)
        return try await next(request, context)
    }

    /// A page in a browser may reach the socket through a forwarded port.
    /// What gives it away: fields that a page cannot suppress, and the name
    /// by which it called us (`reliability.md` B4-45, DNS rebinding included).
    private func refuseBrowsers(_ request: Request) throws {
        let telling = request.headers.first { field in
            let name = field.name.canonicalName
            return name == "origin" || name == "referer" || name.hasPrefix("sec-fetch-")
        }
        guard telling == nil else {
            throw CodedError(.forbidden, "requests from a web page are refused", hints: [])
        }
        let hosts = request.headers[values: .plainHost] + [request.head.authority].compactMap { $0 }
        guard !hosts.isEmpty, hosts.allSatisfy({ Self.names.contains($0.lowercased()) }) else {
            throw CodedError(.forbidden, "the host must be \(API.host) or localhost", hints: [])
        }
    }

    /// A change must say which API it means: that also is a field which a
    /// page cannot send without asking first.
    private func checkVersion(_ request: Request) throws {
        let stated = request.headers[values: .orkdAPI]
        guard stated.allSatisfy({ $0 == String(API.version) }) else {
            throw CodedError(
                .protocolMismatch, "this daemon speaks version \(API.version) of the control API")
        }
        guard request.method == .get || !stated.isEmpty else {
            throw CodedError(
                .protocolMismatch, "a change needs the field \(API.versionHeader): \(API.version)")
        }
    }

    private static let names: Set<String> = [API.host, "localhost"]
}

/// Writes the version of the API and the daemon's release on every answer,
/// errors included.
struct ControlVersion: RouterMiddleware {
    typealias Context = ApplicationContext

    func handle(
        _ request: Request, context: ApplicationContext,
        next: (Request, ApplicationContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.orkdAPI] = String(API.version)
        response.headers[.orkdRelease] = API.release
        return response
    }
}

extension HTTPField.Name {
    /// A name of our own, known to be a token.
    private static func ours(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("not a field name") }
        return name
    }

    static let orkdAPI = ours(API.versionHeader)
    static let orkdRelease = ours(API.releaseHeader)
    /// The library hides `host` in favour of the authority of HTTP/2.
    static let plainHost = ours("Host")
}
