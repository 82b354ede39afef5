import Glibc

/// Who may do what on the control socket (cli.md 16): root, our own user and
/// the members of the admin group everything; the members of the viewer group
/// reading; nobody else anything.
struct RoleRule: Sendable {
    let ownUID: uid_t
    let adminGID: gid_t?
    let viewerGID: gid_t?

    init(ownUID: uid_t, adminGID: gid_t?, viewerGID: gid_t?) {
        self.ownUID = ownUID
        self.adminGID = adminGID
        self.viewerGID = viewerGID
    }

    /// Looks the group names up once, at start. Names that the system does
    /// not know give nobody anything; `SystemGroups.id` tells which.
    init(adminGroup: String, viewerGroup: String) {
        self.init(
            ownUID: geteuid(), adminGID: SystemGroups.id(of: adminGroup),
            viewerGID: SystemGroups.id(of: viewerGroup))
    }

    /// The role of a peer. Asks the system for its groups, which may take as
    /// long as a directory service does: not on an event loop.
    func role(of peer: PeerCredentials) -> Peer.Role {
        if peer.uid == 0 || peer.uid == ownUID { return .admin }
        guard adminGID != nil || viewerGID != nil else { return .none }
        return role(uid: peer.uid, groups: SystemGroups.groups(of: peer.uid, primary: peer.gid))
    }

    /// The same from known groups.
    func role(uid: uid_t, groups: Set<gid_t>) -> Peer.Role {
        if uid == 0 || uid == ownUID { return .admin }
        if let adminGID, groups.contains(adminGID) { return .admin }
        if let viewerGID, groups.contains(viewerGID) { return .viewer }
        return .none
    }
}
