import HTTPTypes
import Hummingbird
import NIOCore
import ORKit

/// What answers one route of users or administrators.
typealias WebHandler = @Sendable (WebCall) async throws -> WebValue

/// All of them: which answers which route.
struct WebEndpoints: Sendable {
    private let user: UserEndpoints
    private let keys: UserKeyEndpoints
    private let profile: ProfileEndpoints
    private let admin: AdminEndpoints
    private let monitor: AdminMonitor
    private let register: RegisterEndpoint
    private let poolKeys: PoolKeyEndpoints
    private let clientKeys: ClientKeyEndpoints
    private let system: SystemEndpoints

    init(_ services: WebServices, registration: RegistrationConfiguration) {
        user = UserEndpoints(services: services)
        keys = UserKeyEndpoints(services: services)
        profile = ProfileEndpoints(services: services)
        admin = AdminEndpoints(services: services)
        monitor = AdminMonitor(services: services)
        register = RegisterEndpoint(services: services, settings: registration)
        poolKeys = PoolKeyEndpoints(services: services)
        clientKeys = ClientKeyEndpoints(services: services)
        system = SystemEndpoints(services: services)
    }

    /// Exhaustive on purpose: a new route does not compile without an answer.
    private func handler(for route: WebRoute) -> WebHandler {
        switch route {
        case .balance: user.balance
        case .monitor: user.monitor
        case .limit: user.limit
        case .keys: keys.list
        case .keyUsage: keys.usage
        case .keyCreate: keys.create
        case .keyUpdate: keys.update
        case .keyDelete: keys.delete
        case .profile: profile.show
        case .profileUpdate: profile.update
        case .account: profile.remove
        case .adminAddCredits: admin.addCredits
        case .adminBalance: admin.balance
        case .adminLimit: admin.limit
        case .adminRefreshModels: admin.refreshModels
        case .adminCacheStatus: admin.cacheStatus
        case .adminMonitor: monitor.answer
        case .register: register.answer
        case .poolKeys: poolKeys.list
        case .poolKeyAdd: poolKeys.add
        case .poolKeyRemove: poolKeys.remove
        case .poolKeyImport: poolKeys.bulkImport
        case .poolKeyAddByKey: poolKeys.addByKey
        case .clientKeys: clientKeys.list
        case .clientKeyCreate: clientKeys.create
        case .clientKeyDeactivate: clientKeys.deactivate
        case .clientKeyReactivate: clientKeys.reactivate
        case .clientKeyRemove: clientKeys.remove
        case .dashboard: system.dashboard
        case .systemStatus: system.status
        case .cleanup: system.cleanup
        }
    }

    func add(to router: Router<ApplicationContext>, clock: @escaping @Sendable () -> Now) {
        for route in WebRoute.allCases {
            guard let method = HTTPRequest.Method(route.method) else { continue }
            let answer = handler(for: route)
            router.on(RouterPath(route.path), method: method) { request, context in
                try route.admit(context.visitor)
                do {
                    let value = try await answer(
                        try WebCall(request, context, known: route.query, at: clock().wall))
                    return JSONAnswer.response(bytes: ByteBuffer(bytes: value.bytes))
                } catch let refusal as Unprocessable {
                    return WebRouter.refusal(refusal.error, status: 422, context)
                }
            }
        }
    }
}
