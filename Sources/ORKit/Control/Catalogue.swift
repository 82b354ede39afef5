/// What ork knows about one code: printed by `orkctl explain CODE`, and the
/// source of HTTP statuses and exit codes.
public struct CatalogueEntry: Sendable {
    /// What the failure is about; never more than what it proves.
    public let scope: FailureScope
    /// HTTP status on the data port and on the control socket.
    public let status: Int
    /// Exit code of orkctl and orkd (cli.md 7).
    public let exit: Int32
    /// One line, no full stop: the message where nobody has a better one.
    public let title: String
    /// Two or three sentences: what happened, why, what it means.
    public let text: String
    /// At most two commands that can be pasted, each with what it is for.
    public let hints: [String]

    package init(
        _ title: String, scope: FailureScope, status: Int, exit: Int32 = 1, text: String, hints: [String] = []
    ) {
        self.scope = scope
        self.status = status
        self.exit = exit
        self.title = title
        self.text = text
        self.hints = hints
    }
}

extension ErrorCode {
    /// The catalogue's entry; the texts are in `Catalogue+….swift`. One case
    /// a line, so that the compiler refuses a code without an entry.
    public var entry: CatalogueEntry {
        switch self {
        case .noUpstreamKey: .noUpstreamKey
        case .allKeysResting: .allKeysResting
        case .allKeysExhausted: .allKeysExhausted
        case .keyRejected: .keyRejected
        case .accountCreditsOut: .accountCreditsOut
        case .keyLimitReached: .keyLimitReached
        case .upstreamRateLimited: .upstreamRateLimited
        case .upstreamError: .upstreamError
        case .upstreamUnreachable: .upstreamUnreachable
        case .upstreamSlow: .upstreamSlow
        case .upstreamTruncated: .upstreamTruncated
        case .upstreamRedirect: .upstreamRedirect
        case .upstreamProtocol: .upstreamProtocol
        case .upstreamAddressRefused: .upstreamAddressRefused
        case .poolFloorReached: .poolFloorReached
        case .clientUnknown: .clientUnknown
        case .clientDisabled: .clientDisabled
        case .clientExpired: .clientExpired
        case .tooManyFailures: .tooManyFailures
        case .rateLimited: .rateLimited
        case .credentialMissing: .credentialMissing
        case .credentialConflict: .credentialConflict
        case .credentialInQuery: .credentialInQuery
        case .pathNotPermitted: .pathNotPermitted
        case .pathUnknown: .pathUnknown
        case .pathReserved: .pathReserved
        case .creditsInsufficient: .creditsInsufficient
        case .creditsExhausted: .creditsExhausted
        case .budgetSpent: .budgetSpent
        case .modelNotPermitted: .modelNotPermitted
        case .addressNotPermitted: .addressNotPermitted
        case .referrerNotPermitted: .referrerNotPermitted
        case .requestCapReached: .requestCapReached
        case .trialOver: .trialOver
        case .noClient: .noClient
        case .openMode: .openMode
        case .badRequest: .badRequest
        case .badBody: .badBody
        case .badPath: .badPath
        case .badObjective: .badObjective
        case .headTooLarge: .headTooLarge
        case .bodyTooLarge: .bodyTooLarge
        case .methodNotAllowed: .methodNotAllowed
        case .expectationFailed: .expectationFailed
        case .versionNotSupported: .versionNotSupported
        case .requestTimeout: .requestTimeout
        case .draining: .draining
        case .overloaded: .overloaded
        case .journalBehind: .journalBehind
        case .storageUnavailable: .storageUnavailable
        case .databaseNewer: .databaseNewer
        case .databaseForeign: .databaseForeign
        case .databaseCorrupt: .databaseCorrupt
        case .masterKeyMissing: .masterKeyMissing
        case .masterKeyWrong: .masterKeyWrong
        case .configInvalid: .configInvalid
        case .certificateInvalid: .certificateInvalid
        case .addressInUse: .addressInUse
        case .alreadyRunning: .alreadyRunning
        case .socketPathTooLong: .socketPathTooLong
        case .directoryUnsafe: .directoryUnsafe
        case .fileUnsafe: .fileUnsafe
        case .internalError: .internalError
        case .keyExists: .keyExists
        case .keyNotFound: .keyNotFound
        case .keyUnchecked: .keyUnchecked
        case .keyExpired: .keyExpired
        case .managementKey: .managementKey
        case .illegalTransition: .illegalTransition
        case .clientExists: .clientExists
        case .clientNotFound: .clientNotFound
        case .userExists: .userExists
        case .userNotFound: .userNotFound
        case .budgetNotFound: .budgetNotFound
        case .poolExists: .poolExists
        case .poolNotFound: .poolNotFound
        case .poolInUse: .poolInUse
        case .accountExists: .accountExists
        case .accountNotFound: .accountNotFound
        case .modelNotFound: .modelNotFound
        case .requestNotFound: .requestNotFound
        case .incidentNotFound: .incidentNotFound
        case .codeUnknown: .codeUnknown
        case .duplicate: .duplicate
        case .badFormat: .badFormat
        case .badValue: .badValue
        case .unknownField: .unknownField
        case .routeUnknown: .routeUnknown
        case .versionLost: .versionLost
        case .tooMany: .tooMany
        case .notConfirmed: .notConfirmed
        case .forbidden: .forbidden
        case .protocolMismatch: .protocolMismatch
        case .secretOnArgv: .secretOnArgv
        case .secretWouldBeLost: .secretWouldBeLost
        case .daemonAbsent: .daemonAbsent
        case .timedOut: .timedOut
        case .usage: .usage
        case .inputUnreadable: .inputUnreadable
        case .cannotCreate: .cannotCreate
        case .outputFailed: .outputFailed
        case .interrupted: .interrupted
        }
    }
}
