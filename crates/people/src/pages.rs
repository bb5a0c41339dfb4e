//! Pages of this room.

use axum::Router;

/// The pages of this room.
pub fn routes() -> Router<ui::Ctx> {
    Router::new()
}
