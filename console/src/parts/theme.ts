import { theme as bigDesign } from "@bigcommerce/big-design-theme";

/** BigDesign's, but for the ground under a button that is pointed at: on its own the text is too pale to read. */
export const theme = { ...bigDesign, colors: { ...bigDesign.colors, primary10: "#f6f8ff" } };
