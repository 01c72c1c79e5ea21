// A personal data server and its directory of identities, without an AppView, on the given ports (Node 22 or newer).
import { TestNetworkNoAppView } from '@atproto/dev-env'

const network = await TestNetworkNoAppView.create({
  pds: { port: Number(process.env.PDS_PORT), hostname: 'localhost' },
  plc: { port: Number(process.env.PLC_PORT) },
})
const people = {}
for (const name of ['humas', 'warga']) {
  const password = `sandi-${name}`
  const { data } = await network.pds.getAgent().createAccount({ handle: `${name}.test`, email: `${name}@example.test`, password })
  people[name] = { handle: data.handle, did: data.did, password }
}
console.log('READY ' + JSON.stringify({ url: network.pds.url, people }))
for (const sign of ['SIGTERM', 'SIGINT']) process.on(sign, async () => { await network.close(); process.exit(0) })
