import NIOCore
import ORKit

extension RequestHead {
    /// The caller's address (K-34); nil when nobody can tell.
    func caller(in source: UnsafeRawBufferPointer, at door: FrontDoor) -> NetAddress? {
        guard case .network(let text, _) = door.peer.origin else { return nil }
        // The zone of a link-local address is this machine's own affair.
        guard let peer = NetAddress(text.prefix { $0 != "%" }) else { return nil }
        let trusted = door.settings.trustedProxies
        guard !trusted.isEmpty else { return peer }
        var forwarded: [String] = []
        for field in fields
        where field.kind == .xForwarded && source.part(field.name).isFolded("x-forwarded-for") {
            forwarded.append(String(decoding: source.part(field.value), as: UTF8.self))
        }
        return CallerAddress.find(peer: peer, forwarded: forwarded, trusted: trusted)
    }
}
