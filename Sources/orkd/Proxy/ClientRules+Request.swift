import NIOCore
import ORKit

// A request's head held against what few clients are bound to.

extension ClientRules {
    /// - Parameter path: nil beside the proxy.
    /// - Returns: nil when the request may come in.
    func refusal(
        of head: borrowing RequestHead, in source: UnsafeRawBufferPointer, at door: FrontDoor,
        path: ProxyPath?, _ now: Now
    ) -> ErrorCode? {
        if door.settings.enforcesTrials, let end = trialEndsAt, end <= now.wall { return .trialOver }
        if addresses != nil, !permits(address: head.caller(in: source, at: door)) {
            return .addressNotPermitted
        }
        if referrers != nil {
            let page = head.first(.origin) ?? head.first(.referer)
            guard permits(page: page.map { source.part($0.value) }) else { return .referrerNotPermitted }
        }
        if let path, !permits(path: path.upstream) { return .pathNotPermitted }
        return nil
    }
}
