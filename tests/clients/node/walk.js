// Reads {"url","key","email","password"} from standard input: a gate, and an administrator's unrestricted key, address
// and password. Walks through everything the client can do here, and says what it saw. Ends with 1 at the first surprise.
import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import client from 'btcpay-greenfield-node-client'

const { ApiError, ApiKeysService, HealthService, OpenAPI, ServerInfoService, StoresService, UsersService } = client
const { url, key, email, password } = JSON.parse(await text(process.stdin))
const INVOICES = 'btcpay.store.canviewinvoices'

OpenAPI.BASE = url

/** What `call` answers when it is made with this key. */
async function as(token, call) {
  Object.assign(OpenAPI, { TOKEN: token, USERNAME: undefined, PASSWORD: undefined })
  return call()
}

/** The error `call` ends with; the client knows it by its status. */
async function refused(status, call) {
  const error = await call().then(() => assert.fail(`no ${status}`), (error) => error)
  assert.ok(error instanceof ApiError, String(error))
  assert.equal(error.status, status)
  return error.body
}

async function server() {
  assert.deepEqual(await as(undefined, () => HealthService.healthGetHealth()), { synchronized: true })
  const info = await as(key, () => ServerInfoService.serverInfoGetServerInfo())
  assert.equal(info.version, '2.4.1')
  assert.equal(info.fullySynched, true)
}

async function keys() {
  const wish = { label: 'Walk', permissions: [INVOICES] }
  const made = await as(key, () => ApiKeysService.postApiKeysService({ requestBody: wish }))
  assert.deepEqual({ label: made.label, permissions: made.permissions }, wish)
  assert.match(made.apiKey, /^[0-9a-f]{40}$/)
  assert.deepEqual(await as(made.apiKey, () => ApiKeysService.getApiKeysService()), made)
  const lacks = await refused(403, () => ApiKeysService.postApiKeysService({ requestBody: {} }))
  assert.equal(lacks.missingPermission, 'unrestricted')
  await as(key, () => ApiKeysService.deleteApiKeysService({ apikey: made.apiKey }))
  await unknown(made.apiKey)
  await as(key, () => refused(400, () => ApiKeysService.deleteApiKeysService({ apikey: made.apiKey })))
}

async function unknown(token) {
  const body = await as(token, () => refused(401, () => ApiKeysService.getApiKeysService()))
  assert.equal(body.code, 'unauthenticated')
}

async function ownEnd() {
  const made = await as(key, () => ApiKeysService.postApiKeysService({ requestBody: {} }))
  // Generated from the published API, it reads the key that is gone.
  assert.deepEqual(await as(made.apiKey, () => ApiKeysService.deleteApiKeysService1()), made)
  await unknown(made.apiKey)
}

async function withPassword() {
  Object.assign(OpenAPI, { TOKEN: undefined, USERNAME: email, PASSWORD: password })
  const made = await ApiKeysService.postApiKeysService({ requestBody: { permissions: [INVOICES] } })
  await as(made.apiKey, () => ApiKeysService.deleteApiKeysService1())
}

async function users() {
  const wish = { email: `walk-${Date.now()}@shop.example`, password: 'colons: and blanks', isAdministrator: false }
  const made = await as(key, () => UsersService.postUsersService({ requestBody: wish }))
  assert.deepEqual([made.email, made.roles, made.disabled], [wish.email, [], false])
  const again = await as(key, () => refused(422, () => UsersService.postUsersService({ requestBody: wish })))
  assert.equal(again[0].path, 'Email')
  Object.assign(OpenAPI, { TOKEN: undefined, USERNAME: wish.email, PASSWORD: wish.password })
  assert.deepEqual(await UsersService.usersGetCurrentUser(), made)
  const own = await ApiKeysService.postApiKeysService({ requestBody: { permissions: [INVOICES] } })
  const lacks = await as(own.apiKey, () => refused(403, () => UsersService.usersGetCurrentUser()))
  assert.equal(lacks.missingPermission, 'btcpay.user.canviewprofile')
}

async function stores() {
  const wish = { name: 'Walk', website: 'https://walk.example' }
  const made = await as(key, () => StoresService.postStoresService({ requestBody: wish }))
  assert.deepEqual([made.name, made.website, made.speedPolicy], ['Walk', 'https://walk.example', 'MediumSpeed'])
  const storeId = made.id
  const scoped = { permissions: [`btcpay.store.canmodifystoresettings:${storeId}`] }
  const narrow = await as(key, () => ApiKeysService.postApiKeysService({ requestBody: scoped }))
  // As shop plugins do it: the only store of a key that was narrowed to one.
  assert.deepEqual(await as(narrow.apiKey, () => StoresService.storesGetStores()), [made])
  const changed = await StoresService.storesUpdateStore({ storeId, requestBody: { ...made, name: 'Walked' } })
  assert.deepEqual(changed, { ...made, name: 'Walked' })
  assert.deepEqual(await StoresService.storesGetStore({ storeId }), changed)
  const another = await refused(403, () => StoresService.postStoresService({ requestBody: wish }))
  assert.equal(another.missingPermission, 'btcpay.store.canmodifystoresettings')
  await StoresService.deleteStoresService({ storeId })
  await refused(403, () => StoresService.storesGetStore({ storeId }))
}

const steps = { server, keys, ownEnd, withPassword, users, stores }
for (const [name, step] of Object.entries(steps)) {
  await step().catch((error) => {
    console.error(`${name}: ${error.stack}`)
    process.exit(1)
  })
}
console.log(Object.keys(steps).join(', '))
