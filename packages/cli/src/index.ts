export {
  type AgentCommand,
  type Configuration,
  defineConfig,
  type NamedAdapter,
} from './configuration/configuration.ts'
export { type LoadedConfiguration, loadConfiguration } from './configuration/load.ts'
