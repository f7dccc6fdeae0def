export { AppConfig, ConfigError, loadConfig, type LogLevel } from './app-config.js';
export { CLOCK, ConfigModule } from './config.module.js';
export { type OidcProvider } from './oidc-settings.js';
export { keepSecretKey, secretKeyFile, Secrets } from './secrets.js';
export { SETTINGS } from './settings.js';
