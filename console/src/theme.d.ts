import type { ThemeInterface } from "@bigcommerce/big-design-theme";

declare module "styled-components" {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- a module is extended by an interface only
  export interface DefaultTheme extends ThemeInterface {}
}
